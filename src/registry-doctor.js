#!/usr/bin/env node
// The command. Plain JavaScript that an old Node can read too. With TypeScript it would only fail with a stack.
const NEEDED = 24;
const version = process.versions.node;
if (Number(version.split('.')[0]) < NEEDED) {
  process.stderr.write(
    `registry-doctor needs Node ${NEEDED} or newer, and this is Node ${version} (${process.execPath}). Nothing was done. Install Node ${NEEDED}, or run "npm ci" in the checkout, without --omit=dev: it brings Node ${NEEDED} for "npm run"\n`,
  );
  process.exitCode = 2;
} else {
  import('./run-typescript.js');
}
