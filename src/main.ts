#!/usr/bin/env node
import { run } from './cli/run.ts';
import { endWithReader } from './cli/terminal/closed-pipe.ts';

process.stdout.on('error', endWithReader);
await run(process);
