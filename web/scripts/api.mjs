// Makes src/api/schema.d.ts from the OpenAPI document that the program prints.
// A field with a default may be left out of a call. KAZI names a built program; without it, cargo builds and runs one.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));
const out = fileURLToPath(new URL('../src/api/schema.d.ts', import.meta.url));
const [program, args] = process.env.KAZI
  ? [process.env.KAZI, ['openapi']]
  : ['cargo', ['run', '--locked', '--quiet', '--', 'openapi']];
const text = execFileSync(program, args, { cwd: root, maxBuffer: 64 * 1024 * 1024 }).toString();
const types = astToString(await openapiTS(JSON.parse(text), { defaultNonNullable: false }));
writeFileSync(out, `// Made by \`npm run api\`. Do not change it by hand.\n\n${types}`);
