import { appsConnectionsOpen, authTest } from './auth-methods.ts';
import { blocksValidate } from './blocks-methods.ts';
import { chatDelete, chatPostEphemeral, chatPostMessage, chatUpdate } from './chat-methods.ts';
import {
  conversationsHistory,
  conversationsInfo,
  conversationsOpen,
  conversationsReplies,
} from './conversations-methods.ts';
import { filesCompleteUploadExternal, filesGetUploadUrlExternal, filesUpload } from './files-methods.ts';
import type { ApiMethod } from './method.ts';
import { usergroupsList, usergroupsUsersList, usersInfo } from './users-methods.ts';
import { viewsOpen, viewsPublish, viewsUpdate } from './views-methods.ts';

const ALL: readonly ApiMethod[] = [
  authTest,
  appsConnectionsOpen,
  blocksValidate,
  chatPostMessage,
  chatUpdate,
  chatDelete,
  chatPostEphemeral,
  conversationsInfo,
  conversationsOpen,
  conversationsHistory,
  conversationsReplies,
  filesGetUploadUrlExternal,
  filesCompleteUploadExternal,
  filesUpload,
  usersInfo,
  usergroupsList,
  usergroupsUsersList,
  viewsOpen,
  viewsPublish,
  viewsUpdate,
];

/** Every Web API method of the stand-in, by its name. */
export const METHODS: ReadonlyMap<string, ApiMethod> = new Map(ALL.map((method) => [method.name, method]));
