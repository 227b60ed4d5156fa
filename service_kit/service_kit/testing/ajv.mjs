// Read {"schema", "texts"} from standard input, and write whether each text is valid JSON for the schema.

import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { readFileSync } from "node:fs";

const { schema, texts } = JSON.parse(readFileSync(0, "utf8"));
const ajv = new Ajv({ strict: false });
addFormats(ajv);
const validate = ajv.compile(schema);
process.stdout.write(JSON.stringify(texts.map((text) => validate(JSON.parse(text)))));
