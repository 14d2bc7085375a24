import { jest } from '@jest/globals';

/** Keeps what is written to stdout from now until mocks are restored off the terminal, and gives its lines. */
export function capturedOutput(): () => string[] {
  const lines: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
  return () => lines;
}
