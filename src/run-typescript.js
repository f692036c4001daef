import './strip-types.js';

await import('./main.ts');
