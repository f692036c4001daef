import type { Ground } from '../../ground/ground.ts';
import { digestOf, imageOf } from '../../ground/registry-client.ts';
import type { Scenario, Scene } from '../../scenario.ts';
import { built, healthy } from '../rows.ts';
import { BLOBS, innerPath, mountedOver, movedOut, REPOSITORIES, storage } from './inner-layout.ts';

const APP = `${REPOSITORIES}/group/app`;
const LAYER = digestOf(imageOf('group/app:v1').layer).slice('sha256:'.length);
const LAYER_DIRECTORY = `${BLOBS}/sha256/${LAYER.slice(0, 2)}/${LAYER}`;
const LAYER_DATA = `${LAYER_DIRECTORY}/data`;

const unusable = { findings: ['inner-file-unusable'], plan: 'none' } as const;

/** Single files of the storage, symlinks deep in it, and what closes a directory to root as well. */
export const innerFileScenarios: readonly Scenario[] = [...ownFiles(), ...deepLinks(), ...evenForRoot(), ...twins()];

function ownFiles(): readonly Scenario[] {
  return [
    built('inner', 'the data of a layer is the service’s own, and closed to it', unusable, (ground) => {
      const scene = storage(ground);
      ground.permit(innerPath(LAYER_DATA), '0200 registry:registry');
      return { ...scene, at: ground.at(innerPath(LAYER_DATA)) };
    }),
  ];
}

function deepLinks(): readonly Scenario[] {
  const closed = (what: string, place: string) =>
    built('inner', `${what} is a link into a closed directory`, unusable, (ground) => ({
      ...movedOut(ground, place, { 'disk2/vol': '0700' }),
      at: ground.at(innerPath(place)),
    }));
  return [
    closed('the data of a layer', LAYER_DATA),
    closed('the directory of a layer', LAYER_DIRECTORY),
    closed('the tags of one repository', `${APP}/_manifests/tags`),
    built('inner', 'a repository seven deep is a link into a closed directory', unusable, (ground) => {
      const scene = storage(ground);
      const deep = `${REPOSITORIES}/a/b/c/d/e/f/g`;
      ground.copy(ground.at(innerPath(`${REPOSITORIES}/group/base`)), 'disk2/vol/g');
      const at = ground.link(innerPath(deep), ground.at('disk2/vol/g'));
      ground.own(innerPath(`${REPOSITORIES}/a`), 'registry:registry');
      ground.permit('disk2/vol', '0700');
      return { ...scene, at, pushed: [...(scene.pushed ?? []), 'a/b/c/d/e/f/g:v1'] };
    }),
  ];
}

function evenForRoot(): readonly Scenario[] {
  const immutable = (ground: Ground, place: string): Scene => {
    const scene = storage(ground);
    ground.attribute(innerPath(place), 'i');
    return { ...scene, at: ground.at(innerPath(place)) };
  };
  const found = { findings: ['immutable-directory'], plan: 'none' } as const;
  return [
    ...[REPOSITORIES, `${APP}/_uploads`].map((place) =>
      built('immutable', `${place} is immutable, and the registry runs as root`, found, (ground) => ({
        ...immutable(ground, place),
        identity: ground.accounts.service('root'),
      })),
    ),
    built('immutable', 'repositories is immutable, for a service with CAP_DAC_OVERRIDE', found, (ground) => {
      const scene = immutable(ground, REPOSITORIES);
      return { ...scene, identity: { ...scene.identity, dacOverride: true } };
    }),
  ];
}

function twins(): readonly Scenario[] {
  return [
    healthy('the layer links of one repository are on a tmpfs: nothing is moved from there', (ground) =>
      mountedOver(ground, `${APP}/_layers`, (relative) => ground.tmpfs(relative)),
    ),
    healthy('the data of a layer is a link, the way open', (ground) => movedOut(ground, LAYER_DATA, {})),
    healthy('the tags of one repository are a link, the way open', (ground) =>
      movedOut(ground, `${APP}/_manifests/tags`, {}),
    ),
  ];
}
