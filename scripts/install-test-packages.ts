/**
 * Installs what the tests need on this machine, if that is allowed. The tests of a missing part are skipped by name.
 * That is not a failure here, except with CI=true.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { missingRequirements, REQUIREMENTS } from '../test/support/requirements.ts';

const INSTALL = fileURLToPath(new URL('install-debian-packages.sh', import.meta.url));

process.exitCode = installWhatIsMissing();

function installWhatIsMissing(): number {
  const packages = missingPackages();
  if (packages.length === 0) {
    say('everything that the tests need is installed');
    return 0;
  }
  const asRoot = wayToRoot();
  if (asRoot === null) return notInstalled(packages, 'it takes Debian’s apt-get, and root or sudo without a password');
  say(`installing ${packages.join(' ')} (services are neither started nor enabled)`);
  const [command, ...args] = [...asRoot, INSTALL, ...packages];
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const left = missingPackages();
  if (left.length > 0) return notInstalled(left, `the installation ended with status ${status}`);
  say('done');
  return 0;
}

function missingPackages(): readonly string[] {
  const packages = missingRequirements().map((name) => REQUIREMENTS[name].debianPackage);
  return [...new Set(packages.filter((name) => name !== null))];
}

/** The start of a command line that runs a shell script as root, or null if there is none. */
function wayToRoot(): readonly [string, ...string[]] | null {
  if (!existsSync('/usr/bin/apt-get')) return null;
  if (process.getuid?.() === 0) return ['sh'];
  const sudo = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' });
  return sudo.status === 0 ? ['sudo', '-n', 'sh'] : null;
}

function notInstalled(packages: readonly string[], why: string): number {
  say(`not installed: ${packages.join(' ')} (${why}); the tests that need them are skipped and say so`);
  return process.env['CI'] === 'true' ? 1 : 0;
}

function say(line: string): void {
  console.log(`test packages: ${line}`);
}
