// Evaluates exported CQL with the reference translator and engine.
//
// node evaluate.mjs FOLDER
//   FOLDER/sets/*.cql      libraries as exported
//   FOLDER/records.jsonl   {"id", "on", "bundle"} a line
//   FOLDER/answers.jsonl   written: {"record", "set", "answers": {definition: true | false | null}} a line
//
// Nothing is fetched: the FHIR model stands in the package cql-exec-fhir. A library that does not translate without
// error, or a definition that answers anything but true, false or null, ends the run.

import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { SystemModelInfoProvider } from '@cqframework/cql/cql';
import {
  CqlTranslator,
  LibraryManager,
  ModelManager,
  createModelInfoProvider,
  createUcumService,
  stringAsSource,
} from '@cqframework/cql/cql-to-elm';

const require = createRequire(import.meta.url);
const cql = require('cql-execution');
const cqlfhir = require('cql-exec-fhir');
const ours = ['Asked: '];

function manager() {
  const folder = path.dirname(require.resolve('cql-exec-fhir'));
  const model = fs.readFileSync(path.join(folder, 'modelInfos', 'fhir-modelinfo-4.0.1.xml'), 'utf8');
  const models = new ModelManager();
  models.modelInfoLoader.registerModelInfoProvider(new SystemModelInfoProvider());
  const fhir = createModelInfoProvider((name) => (name === 'FHIR' ? stringAsSource(model) : null));
  models.modelInfoLoader.registerModelInfoProvider(fhir);
  // The only units in exported CQL are those of calendars: none is converted or refused.
  const same = (value) => value;
  const ucum = createUcumService(same, () => null, same, same);
  return new LibraryManager(models, undefined, undefined, ucum);
}

function translate(file, libraries) {
  const translator = CqlTranslator.fromText(fs.readFileSync(file, 'utf8'), libraries);
  const errors = [...translator.errors.asJsReadonlyArrayView()];
  if (errors.length > 0) {
    throw new Error(`${path.basename(file)}: ${errors.map((error) => error.message).join('; ')}`);
  }
  return new cql.Library(JSON.parse(translator.toJson()));
}

async function answers(library, source, { on, bundle }) {
  source.reset();
  source.loadBundles([bundle]);
  const executor = new cql.Executor(library, null, { On: cql.DateTime.parse(on).getDate() });
  const results = await executor.exec(source);
  const [patient] = Object.values(results.patientResults);
  const found = {};
  for (const [name, value] of Object.entries(patient)) {
    const asked = ours.find((start) => name.startsWith(start));
    if (asked === undefined) continue;
    for (const definition of [name, name.slice(asked.length)]) {
      const answer = patient[definition] ?? null;
      if (answer !== null && typeof answer !== 'boolean') {
        throw new Error(`${definition} answers ${JSON.stringify(answer)}`);
      }
      found[definition] = answer;
    }
  }
  return found;
}

const [folder] = process.argv.slice(2);
const records = fs.readFileSync(path.join(folder, 'records.jsonl'), 'utf8').trim().split('\n').map(JSON.parse);
const libraries = manager();
// Reading the model of FHIR takes longer than evaluating a record: one source serves all.
const source = cqlfhir.PatientSource.FHIRv401();
const out = fs.createWriteStream(path.join(folder, 'answers.jsonl'));
for (const name of fs.readdirSync(path.join(folder, 'sets')).sort()) {
  const library = translate(path.join(folder, 'sets', name), libraries);
  for (const record of records) {
    const row = { record: record.id, set: path.basename(name, '.cql'), answers: await answers(library, source, record) };
    out.write(`${JSON.stringify(row)}\n`);
  }
}
out.end();
