// A program of its own, because the validator is an ES module, which jest does not load: reads a document from standard
// input and prints what is wrong with it as JSON.
import { text } from 'node:stream/consumers';
import { Validator } from '@seriousme/openapi-schema-validator';

const validator = new Validator();
const { valid, errors } = await validator.validate(JSON.parse(await text(process.stdin)));
process.stdout.write(JSON.stringify({ valid, version: validator.version, errors: errors ?? [] }));
