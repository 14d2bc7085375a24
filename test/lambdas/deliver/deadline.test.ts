import { Socket } from 'node:net';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Deadline } from '../../../lambdas/deliver/deadline.ts';

const MS = 5_000;

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

test('closes the socket of the delivery when the time ends, and not before', () => {
  const [socket, deadline] = [new Socket(), new Deadline(MS)];
  deadline.closes(socket);
  jest.advanceTimersByTime(MS - 1);
  expect([socket.destroyed, deadline.isOver, deadline.remainingMs]).toEqual([false, false, 1]);
  jest.advanceTimersByTime(1);
  expect([socket.destroyed, deadline.isOver, deadline.remainingMs]).toEqual([true, true, 0]);
});

test('closes only the socket that it was told last', () => {
  const [first, second, deadline] = [new Socket(), new Socket(), new Deadline(MS)];
  deadline.closes(first);
  deadline.closes(second);
  jest.advanceTimersByTime(MS);
  expect([first.destroyed, second.destroyed]).toEqual([false, true]);
  first.destroy();
});

test('closes a socket at once when the time has ended', () => {
  const [socket, deadline] = [new Socket(), new Deadline(MS)];
  jest.advanceTimersByTime(MS);
  deadline.closes(socket);
  expect(socket.destroyed).toBe(true);
});

test('leaves the socket open after the delivery, and no timer behind', () => {
  const [socket, deadline] = [new Socket(), new Deadline(MS)];
  deadline.closes(socket);
  deadline.clear();
  expect(jest.getTimerCount()).toBe(0);
  jest.advanceTimersByTime(MS);
  expect([socket.destroyed, deadline.isOver]).toEqual([false, false]);
  socket.destroy();
});
