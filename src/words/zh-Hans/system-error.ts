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
  EBUSY: '正在使用中',
  EDQUOT: '磁盘配额已用完',
  EEXIST: '已经存在',
  EMFILE: '打开的文件过多',
  ENFILE: '本机打开的文件过多',
  ENAMETOOLONG: '名称过长',
  ENOMEM: '内存不足',
  ESTALE: '网络文件系统已找不到它',
  ECONNREFUSED: '连接被拒绝',
  ECONNRESET: '对方关闭连接',
  EHOSTUNREACH: '没有到达该主机的路由',
  ENETUNREACH: '网络不可达',
  ETIMEDOUT: '连接超时',
  EADDRINUSE: '端口已被占用',
  EADDRNOTAVAIL: '本机没有该地址',
  EPIPE: '对方不再读取',
};

/** Why a file could not be used, as a clause: the error's code in words, or its message as it was said where the code has none here. */
export function systemClause({ errno, said }: SystemProblem): string {
  return CODES[errno ?? ''] ?? `“${said}”`;
}

/** The same for an error that has just been caught. */
export function systemError(error: unknown): string {
  return systemClause(systemProblem(error));
}
