import type { Identity } from '../../../src/model/host/facts.ts';
import type { Act } from '../../support/worlds/act.ts';
import type { Case } from '../../support/worlds/case.ts';

const NOBODY: Identity = {
  user: 'u61001',
  uid: 61_001,
  gid: 62_001,
  groups: [],
  dacOverride: false,
  dacReadSearch: false,
};

/** One link that leads to the next, `links` of them, and to the world's top at last. */
function chainOf(links: number): Act[] {
  return Array.from({ length: links }, (_, index) => {
    return { do: 'link', at: `l${index}`, to: index === 0 ? '.' : `l${index - 1}`, uid: 0 };
  });
}

/**
 * Cases about which an evaluator and the kernel disagreed, made small: the product's own, or one that was broken on purpose to
 * see that it is found out. Each is asked again on every run.
 */
export const REGRESSIONS: readonly (Case & { readonly title: string })[] = [
  {
    title: 'the mask of an ACL limits the named group',
    acts: [
      { do: 'directory', at: 'a' },
      { do: 'acl', at: 'a', acl: 'user::r-x,group::-wx,group:62004:rwx,mask::rw-,other::r--' },
    ],
    path: '%/a/.',
    identity: { ...NOBODY, groups: [62_004] },
    linksProtected: false,
  },
  {
    title: 'an owner with fewer bits than everybody has those',
    acts: [
      { do: 'directory', at: 'a' },
      { do: 'own', at: 'a', uid: 61_001, gid: 0 },
      { do: 'mode', at: 'a', mode: '0077' },
    ],
    path: '%/a/.',
    identity: NOBODY,
    linksProtected: false,
  },
  {
    title: 'a supplementary group with fewer bits than everybody has those',
    acts: [
      { do: 'directory', at: 'a' },
      { do: 'own', at: 'a', uid: 0, gid: 62_001 },
      { do: 'mode', at: 'a', mode: '0607' },
    ],
    path: '%/a/.',
    identity: { ...NOBODY, gid: 62_002, groups: [62_001] },
    linksProtected: false,
  },
  {
    title: 'CAP_DAC_READ_SEARCH passes and lists, and does not create',
    acts: [{ do: 'mode', at: '', mode: '0700' }],
    path: '%',
    identity: { ...NOBODY, dacReadSearch: true },
    linksProtected: false,
  },
  {
    title: 'a link to where it came from, on a mount that follows none',
    acts: [
      { do: 'directory', at: 'a' },
      { do: 'link', at: 'a/l6', to: '%/a', uid: 0 },
      { do: 'bind', at: 'a', from: 'a' },
      { do: 'remount', at: 'a', options: 'bind,nosymfollow' },
    ],
    path: '%/a/l6',
    identity: { ...NOBODY, uid: 0, user: 'root', dacOverride: true, dacReadSearch: true },
    linksProtected: false,
  },
  {
    title: 'what a later mount covers does not hold, however long its mount point is',
    acts: [
      { do: 'directory', at: 'a' },
      { do: 'directory', at: 'a/a' },
      { do: 'tmpfs', at: 'a/a' },
      { do: 'tmpfs', at: 'a' },
      { do: 'directory', at: 'a/a' },
      { do: 'remount', at: 'a', options: 'bind,ro' },
    ],
    path: '%/a/a',
    identity: NOBODY,
    linksProtected: false,
  },
  {
    title: 'the last of several mounts at one place holds',
    acts: [
      { do: 'directory', at: 'a' },
      { do: 'tmpfs', at: 'a' },
      { do: 'remount', at: 'a', options: 'ro' },
      { do: 'tmpfs', at: 'a' },
      { do: 'mode', at: 'a', mode: '0777' },
    ],
    path: '%/a',
    identity: NOBODY,
    linksProtected: false,
  },
  {
    title: 'a bind mount skips what its source lies in, and a link does not',
    acts: [
      { do: 'directory', at: 'closed' },
      { do: 'directory', at: 'closed/in' },
      { do: 'directory', at: 'bound' },
      { do: 'bind', at: 'bound', from: 'closed/in' },
      { do: 'link', at: 'linked', to: 'closed/in', uid: 0 },
      { do: 'mode', at: 'closed', mode: '0700' },
    ],
    path: '%/bound/../linked/../bound',
    identity: NOBODY,
    linksProtected: false,
  },
  {
    title: '40 links are followed',
    acts: chainOf(40),
    path: '%/l39',
    identity: NOBODY,
    linksProtected: false,
  },
  {
    title: 'the 41st link is not',
    acts: chainOf(41),
    path: '%/l40',
    identity: NOBODY,
    linksProtected: false,
  },
  {
    title: 'nobody creates in an immutable directory',
    acts: [
      { do: 'mode', at: '', mode: '0777' },
      { do: 'attribute', at: '', letter: 'i' },
    ],
    path: '%',
    identity: { ...NOBODY, dacOverride: true, dacReadSearch: true },
    linksProtected: false,
  },
  {
    title: 'an append-only directory takes entries',
    acts: [
      { do: 'mode', at: '', mode: '0777' },
      { do: 'attribute', at: '', letter: 'a' },
    ],
    path: '%',
    identity: NOBODY,
    linksProtected: false,
  },
  {
    title: 'a foreign link at the end of the path, in a sticky directory that all may write to',
    acts: [
      { do: 'link', at: 'l3', to: '.', uid: 61_003 },
      { do: 'mode', at: '', mode: '1777' },
    ],
    path: '%/l3',
    identity: { ...NOBODY, dacOverride: true, dacReadSearch: true },
    linksProtected: true,
  },
  {
    title: 'the same link in the middle of a path is followed',
    acts: [
      { do: 'link', at: 'l3', to: '.', uid: 61_003 },
      { do: 'mode', at: '', mode: '1777' },
    ],
    path: '%/l3/.',
    identity: NOBODY,
    linksProtected: true,
  },
  {
    title: 'a link that ends a link that ends the path is protected as well',
    acts: [
      { do: 'directory', at: 'shared' },
      { do: 'link', at: 'shared/inner', to: '..', uid: 61_003 },
      { do: 'mode', at: 'shared', mode: '1777' },
      { do: 'link', at: 'outer', to: 'shared/inner', uid: 0 },
    ],
    path: '%/outer',
    identity: NOBODY,
    linksProtected: true,
  },
  {
    title: 'a file is made in the directory where the path ends, whatever it went through before',
    acts: [
      { do: 'directory', at: 'a' },
      { do: 'own', at: 'a', uid: 61_001, gid: 0 },
    ],
    path: '%/a/../f0',
    role: 'htpasswd',
    identity: NOBODY,
    linksProtected: false,
  },
  {
    title: 'no file is made on a read-only mount',
    acts: [
      { do: 'directory', at: 'a' },
      { do: 'tmpfs', at: 'a' },
      { do: 'remount', at: 'a', options: 'bind,ro' },
    ],
    path: '%/a/f0',
    role: 'htpasswd',
    identity: { ...NOBODY, uid: 0, user: 'u0', dacOverride: true, dacReadSearch: true },
    linksProtected: false,
  },
  {
    title: 'a file on a read-only mount is not written',
    acts: [
      { do: 'directory', at: 'a' },
      { do: 'file', at: 'a/f0' },
      { do: 'mode', at: 'a/f0', mode: '0666' },
      { do: 'bind', at: 'a', from: 'a' },
      { do: 'remount', at: 'a', options: 'bind,ro' },
    ],
    path: '%/a/f0',
    role: 'acme-cache',
    identity: NOBODY,
    linksProtected: false,
  },
  {
    title: 'no file is made in an immutable directory',
    acts: [
      { do: 'mode', at: '', mode: '0777' },
      { do: 'attribute', at: '', letter: 'i' },
    ],
    path: '%/f0',
    role: 'htpasswd',
    identity: NOBODY,
    linksProtected: false,
  },
  {
    title: 'an append-only file is not written anew',
    acts: [
      { do: 'file', at: 'f0' },
      { do: 'mode', at: 'f0', mode: '0666' },
      { do: 'attribute', at: 'f0', letter: 'a' },
    ],
    path: '%/f0',
    role: 'acme-cache',
    identity: NOBODY,
    linksProtected: false,
  },
  {
    title: 'a link to a file, on a mount that follows none',
    acts: [
      { do: 'directory', at: 'a' },
      { do: 'file', at: 'f0' },
      { do: 'link', at: 'a/f0', to: '%/f0', uid: 0 },
      { do: 'bind', at: 'a', from: 'a' },
      { do: 'remount', at: 'a', options: 'bind,nosymfollow' },
    ],
    path: '%/a/f0',
    role: 'tls-key',
    identity: NOBODY,
    linksProtected: false,
  },
  {
    title: 'a foreign link to a file, in a sticky directory that all may write to',
    acts: [
      { do: 'directory', at: 'a' },
      { do: 'file', at: 'f0' },
      { do: 'link', at: 'a/f0', to: '%/f0', uid: 61_003 },
      { do: 'mode', at: 'a', mode: '1777' },
    ],
    path: '%/a/f0',
    role: 'tls-key',
    identity: NOBODY,
    linksProtected: true,
  },
  {
    title: 'the same link in the middle of the path of a file that is made',
    acts: [
      { do: 'directory', at: 'docker' },
      { do: 'mode', at: 'docker', mode: '1777' },
      { do: 'mode', at: '', mode: '0777' },
      { do: 'link', at: 'docker/m1', to: '%/', uid: 61_003 },
    ],
    path: '%/docker/m1/f1',
    role: 'htpasswd',
    identity: NOBODY,
    linksProtected: true,
  },
  {
    title: 'the mask of an ACL limits who reads a file',
    acts: [
      { do: 'file', at: 'f1' },
      { do: 'acl', at: 'f1', acl: 'user::---,group::rw-,group:62004:rwx,mask::-w-,other::r--' },
    ],
    path: '%/f1',
    role: 'htpasswd',
    identity: { ...NOBODY, gid: 62_004 },
    linksProtected: false,
  },
];
