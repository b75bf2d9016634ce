import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Lists the built files for the program, which embeds them: see src/web.rs. */
function filesForTheProgram(): Plugin {
  let folder = '';
  return {
    name: 'files-for-the-program',
    apply: 'build',
    configResolved: (config) => {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle: () => {
      const names = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== 'files.rs')
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        .sort();
      const rows = names.map((name) => `    ("${name}", include_bytes!("${name}")),\n`).join('');
      writeFileSync(
        join(folder, 'files.rs'),
        `// Made by \`npm run build\`.\nconst FILES: [(&str, &[u8]); ${names.length}] = [\n${rows}];\n`,
      );
    },
  };
}

const api = process.env.KAZI_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/app/',
  plugins: [react(), tailwindcss(), filesForTheProgram()],
  resolve: { alias: { '@': join(import.meta.dirname, 'src') } },
  build: { target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  server: { proxy: { '/api': api, '/demo': api } },
});
