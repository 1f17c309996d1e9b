/** The server's limit for names, in bytes of UTF-8. */
const maxBytes = 64;

/** What is wrong with a name, or "". */
export function nameProblem(name: string): string {
  if (!name) return 'enter a name';
  const bytes = new TextEncoder().encode(name).length;
  return bytes > maxBytes ? `the name has ${bytes} bytes, ${maxBytes} are allowed` : '';
}
