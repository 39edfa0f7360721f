import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, it } from 'vitest';
import { show } from '@/testing/render';
import { Chart, type ChartProps } from './Chart';

function aChart(own: Partial<ChartProps> = {}) {
  const spans = [0, 1, 2].map((minute) => ({ from: minute * 60_000, to: minute * 60_000 }));
  return (
    <Chart
      name="Messages"
      unit="Time"
      spans={spans}
      series={[
        { name: 'sent', color: 'teal', shape: 'line', values: [1, 2, 3] },
        { name: 'received', color: 'orange', shape: 'line', dashed: true, values: [4, null, 6] },
      ]}
      format={(value) => `${value}/s`}
      when={(index) => `minute ${index}`}
      {...own}
    />
  );
}

/** Three minutes, with another one coming and the first going at every click. */
function Growing() {
  const [first, setFirst] = useState(0);
  const minutes = [first, first + 1, first + 2];
  return (
    <>
      <button
        type="button"
        onClick={() => {
          setFirst(first + 1);
        }}
      >
        Later
      </button>
      {aChart({
        spans: minutes.map((minute) => ({ from: minute * 60_000, to: minute * 60_000 })),
        when: (index) => `minute ${minutes[index] ?? ''}`,
      })}
    </>
  );
}

describe('a chart', () => {
  it('tells every value of where one is', async () => {
    await show(aChart());
    const chart = screen.getByRole('slider', { name: 'Messages' });
    expect(chart).toHaveAttribute('aria-valuetext', 'minute 2: sent 3/s, received 6/s');
    chart.focus();
    await userEvent.keyboard('{ArrowLeft}');
    expect(chart).toHaveAttribute('aria-valuetext', 'minute 1: sent 2/s, received –');
    await userEvent.keyboard('{Home}{ArrowLeft}');
    expect(chart).toHaveAttribute('aria-valuenow', '1');
  });

  it('stays where one reads while it grows, and goes along with its end', async () => {
    await show(<Growing />);
    const chart = screen.getByRole('slider');
    const later = () => userEvent.click(screen.getByRole('button', { name: 'Later' }));
    const expectMinute = (minute: number) => {
      const text = expect.stringContaining(`minute ${minute}:`) as unknown;
      expect(chart).toHaveAttribute('aria-valuetext', text);
    };
    await later();
    expectMinute(3);
    chart.focus();
    await userEvent.keyboard('{ArrowLeft}');
    await later();
    expectMinute(2);
    chart.focus();
    await userEvent.keyboard('{End}');
    await later();
    expectMinute(5);
  });

  it('is a table for who wants the numbers', async () => {
    await show(aChart());
    expect(screen.queryByRole('table')).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Show as a table' }));
    const table = screen.getByRole('table', { name: 'Messages' });
    expect(within(table).getByRole('row', { name: 'minute 1 2/s –' })).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Hide the table' }));
    expect(screen.queryByRole('table')).not.toBeInTheDocument();
  });

  it('is nothing without anything to show', async () => {
    await show(aChart({ spans: [], series: [] }));
    expect(screen.queryByRole('slider')).not.toBeInTheDocument();
  });
});
