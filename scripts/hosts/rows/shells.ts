import type { HostRow } from '../row.ts';

/** Login shells of the bot's accounts, and what their start files do. */

/** What a start file does before the bot's command runs. The forms of the shell are in {@link SHELLS}. */
const NOISE = 'Welcome to git01! 0 registry-doctor/1 probe';

type LoginShell = {
  readonly path: string;
  readonly packages?: readonly string[];
  readonly version: string;
  /** The file that it reads for a command of sshd, below the home directory. */
  readonly file: string;
};

const SHELLS: Readonly<Record<string, LoginShell>> = {
  bash: { path: '/bin/bash', version: 'bash --version | head -n 1', file: '.bashrc' },
  fish: {
    path: '/usr/bin/fish',
    packages: ['fish', 'fish-common', 'libpcre2-32-0'],
    version: 'fish --version',
    file: '.config/fish/config.fish',
  },
  tcsh: { path: '/bin/tcsh', packages: ['tcsh'], version: `tcsh -c 'echo $version'`, file: '.tcshrc' },
  zsh: { path: '/bin/zsh', packages: ['zsh', 'zsh-common'], version: 'zsh --version', file: '.zshenv' },
};

/** Gives both accounts this shell, and start files with this text. */
export function loginShell(path: string, file: string, text: string): string {
  return `
sed -i -E 's#^(registry-doctor(-guard)?:.*):[^:]*$#\\1:${path}#' /etc/passwd
for home in /home/registry-doctor /home/registry-doctor-guard; do
  mkdir -p "$(dirname $home/${file})"
  printf '%s\\n' '${text.replaceAll("'", "'\\''")}' >$home/${file}
  chown -R "\${home##*/}" $home
done
`;
}

/** The same in every one of these shells. */
const START_FILES: Readonly<Record<string, string>> = {
  prints: `echo "${NOISE}"; echo 1000`,
  'prints errors': `echo "${NOISE}" >/dev/stderr; /bin/ls /nowhere`,
  fails: 'false',
  ends: 'exit 3',
  'reads its input': '/bin/cat >/dev/null',
  'takes the first line of its input': '/usr/bin/head -n 1 >/dev/null',
  'is slow': '/bin/sleep 3',
};

const shells = Object.entries(SHELLS).flatMap(([name, { path, packages = [], version, file }]) => [
  row(name, 'without start files', { path, packages, version, file, text: '' }),
  ...Object.entries(START_FILES).map(([does, text]) =>
    row(name, `start file ${does}`, { path, packages, version, file, text }),
  ),
]);

type ShellRow = Required<LoginShell> & { readonly text: string };

function row(name: string, does: string, { path, packages, version, file, text }: ShellRow): HostRow {
  return {
    id: `${name}-${does.replaceAll(' ', '-')}`,
    group: 'shell',
    what: `login shell ${name}, ${does}`,
    packages,
    prepare: version,
    afterSetup: loginShell(path, file, text),
  };
}

export const SHELL_ROWS: readonly HostRow[] = [
  ...shells,
  {
    id: 'rbash',
    group: 'shell',
    what: 'login shell rbash',
    afterSetup: `ln -sf bash /bin/rbash\n${loginShell('/bin/rbash', '.bashrc', '')}`,
  },
  {
    id: 'nologin',
    group: 'shell',
    what: 'login shell nologin',
    afterSetup: loginShell('/usr/sbin/nologin', '.none', ''),
  },
  {
    id: 'shell-missing',
    group: 'shell',
    what: 'login shell is not installed',
    afterSetup: loginShell('/usr/bin/nosuchshell', '.none', ''),
  },
];
