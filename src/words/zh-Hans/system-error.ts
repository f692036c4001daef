import { type SystemProblem, systemProblem } from '../../model/system-problem.ts';

/** Error codes of the operating system (errno(3)) that operators meet, in words. */
const CODES: Readonly<Record<string, string>> = {
  ENOENT: '文件不存在',
  EACCES: '没有权限',
  EPERM: '操作不被允许',
  EISDIR: '这是目录，不是文件',
  ENOTDIR: '路径中有一部分不是目录',
  ELOOP: '符号链接过多',
  EIO: '输入/输出错误',
  EROFS: '文件系统是只读的',
  ENOSPC: '磁盘已满',
};

/** Why a file could not be used, as a clause: the error's code in words, or its message where the code has none here. */
export function systemClause({ errno, said }: SystemProblem): string {
  return CODES[errno ?? ''] ?? said;
}

/** The same for an error that has just been caught. */
export function systemError(error: unknown): string {
  return systemClause(systemProblem(error));
}
