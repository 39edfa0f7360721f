import { NumberInput, SegmentedControl, Select, SimpleGrid } from '@mantine/core';
import { type ConnectorValues, defaultCable, defaultPowerKw } from './chargerForm';

interface Props {
  value: ConnectorValues;
  onChange: (value: ConnectorValues) => void;
  /** Whose hardware it is, for the labels of several: "Connector 2". */
  of?: string;
}

/** The hardware of a connector. */
export function ConnectorFields({ value, onChange, of }: Props) {
  const named = (label: string) => (of ? { 'aria-label': `${of}: ${label}` } : {});
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      <SegmentedControl
        aria-label={of ? `${of}: Power type` : 'Power type'}
        value={value.power_type}
        data={['AC', 'DC']}
        onChange={(power_type) => {
          onChange({ ...value, power_type, max_power_kw: '', cable: '' });
        }}
        style={{ alignSelf: 'end' }}
      />
      <NumberInput
        label="Power (kW)"
        {...named('Power (kW)')}
        placeholder={String(defaultPowerKw(value))}
        min={0.1}
        max={10_000}
        decimalScale={3}
        hideControls
        value={value.max_power_kw}
        onChange={(power) => {
          onChange({ ...value, max_power_kw: typeof power === 'number' ? power : '' });
        }}
      />
      <Select
        label="Phases"
        {...named('Phases')}
        data={[
          { value: '1', label: 'One' },
          { value: '3', label: 'Three' },
        ]}
        value={value.phases}
        disabled={value.power_type === 'DC'}
        allowDeselect={false}
        onChange={(phases) => {
          onChange({ ...value, phases: phases === '1' ? '1' : '3', max_power_kw: '' });
        }}
      />
      <Select
        label="Cable"
        {...named('Cable')}
        data={[
          { value: 'socket', label: 'Socket (the car brings it)' },
          { value: 'tethered', label: 'Tethered (fixed)' },
        ]}
        value={value.cable === '' ? defaultCable(value) : value.cable}
        allowDeselect={false}
        onChange={(cable) => {
          onChange({ ...value, cable: cable === 'tethered' ? 'tethered' : 'socket' });
        }}
      />
    </SimpleGrid>
  );
}
