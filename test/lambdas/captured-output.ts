import { jest } from '@jest/globals';

/** Captures stdout until mocks are restored, and returns its lines. */
export function capturedOutput(): () => string[] {
  const lines: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
  return () => lines;
}
