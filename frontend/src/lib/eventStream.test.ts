import { describe, expect, it } from 'vitest';
import { EventStreamParser } from './eventStream';

describe('EventStreamParser', () => {
  it('yields an event once its blank line has come', () => {
    const parser = new EventStreamParser();
    expect(parser.push('event: meter\nid: 7\ndata: {"a":1}\n')).toEqual([]);
    expect(parser.push('\n')).toEqual([{ event: 'meter', data: '{"a":1}', id: '7' }]);
  });

  it('puts chunks together wherever they were cut', () => {
    const text = 'event: a\ndata: 1\n\nevent: b\r\ndata: 2\r\n\r\n';
    const parser = new EventStreamParser();
    const events = text.split('').flatMap((character) => parser.push(character));
    expect(events.map(({ event, data }) => [event, data])).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
  });

  it('drops comments and joins the lines of one event', () => {
    const parser = new EventStreamParser();
    expect(parser.push(': keep-alive\n\ndata: one\ndata: two\n\n')).toEqual([
      { event: 'message', data: 'one\ntwo', id: '' },
    ]);
  });
});
