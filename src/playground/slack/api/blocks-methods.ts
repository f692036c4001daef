import { z } from 'zod';
import { answer } from './answer.ts';
import { apiMethod } from './method.ts';
import { contentArguments, readContent } from './read-content.ts';

/** Checks blocks without posting them. */
export const blocksValidate = apiMethod({
  name: 'blocks.validate',
  token: 'bot',
  scopes: [],
  takesJson: true,
  arguments: z.object({ blocks: contentArguments.blocks }),
  call: (args) => {
    const read = readContent(args);
    return read.kind === 'refused' ? read.answer : answer({});
  },
});
