/** Names under which a server on loopback is known. Systems send `0.0.0.0` there, too; being no name, nobody can rebind it. */
export const loopbackNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]', '0.0.0.0'];

/** Can only this machine reach `host`? */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
