import { NumberInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { FASTEST, shortScale } from '@/lib/timeScale';

interface Props {
  value: number | '';
  onChange: (scale: number | '') => void;
  /** What 1 means here. */
  description: string;
  error?: ReactNode;
}

/** How fast time runs for a part of the simulation. */
export function TimeScaleInput({ value, onChange, description, error }: Props) {
  return (
    <NumberInput
      label="Time scale"
      description={description}
      prefix={shortScale(1).slice(0, 1)}
      min={1}
      max={FASTEST}
      decimalScale={2}
      value={value}
      error={error}
      onChange={(number) => {
        onChange(typeof number === 'number' ? number : '');
      }}
    />
  );
}
