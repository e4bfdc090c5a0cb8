// Reads bundles of FHIR from the first file named, and prints what two validators find in each: the JSON Schema of HL7, and fhir.js
// with the structures and value sets of HL7. The folders named after it hold the definitions that HL7 publishes for one version.
const Ajv = require("ajv");
const { Fhir, ParseConformance, Versions } = require("fhir");
const { existsSync, readdirSync, readFileSync } = require("fs");
const { join } = require("path");

const [file, ...folders] = process.argv.slice(2);
const read = (...path) => JSON.parse(readFileSync(join(...path)));
const definitions = (kind) =>
  folders.flatMap((folder) => readdirSync(folder).filter((name) => name.startsWith(kind + "-")).map((name) => read(folder, name)));

const ajv = new Ajv({ schemaId: "auto", logger: false, allErrors: true });
ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-06.json"));
const schemas = folders.map((folder) => join(folder, "openapi", "fhir.schema.json")).filter(existsSync);
ajv.addSchema(read(schemas[0]), "fhir");

// Bindings are written in R5 as in R4, and fhir.js reads none when it is told R5.
const conformance = new ParseConformance(false, Versions.R4);
for (const kinds of [["CodeSystem", "ValueSet"], ["StructureDefinition"]]) {
  conformance.parseBundle({ entry: kinds.flatMap(definitions).map((resource) => ({ resource })) });
}
const fhir = new Fhir(conformance);

function bySchema(resource) {
  const validate = ajv.getSchema("fhir#/definitions/" + resource.resourceType);
  return validate(resource) ? [] : validate.errors.map((e) => `${resource.resourceType}${e.dataPath} ${e.message}`);
}

function byStructures(bundle) {
  const messages = fhir.validate(bundle, { errorOnUnexpected: true }).messages;
  return messages.filter((m) => m.severity === "error" || m.severity === "fatal").map((m) => `${m.location}: ${m.message}`);
}

console.log(JSON.stringify(read(file).map((b) => ({ schema: b.entry.flatMap((e) => bySchema(e.resource)), structures: byStructures(b) }))));
