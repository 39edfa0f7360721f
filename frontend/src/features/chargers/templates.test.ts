import { describe, expect, it } from 'vitest';
import { aChargerTemplate } from '@/testing/things';
import { createBody, newCharger } from './chargerForm';
import { templateChoices, templateFacts, withTemplate } from './templates';

const SINGLE = aChargerTemplate({
  id: 'box',
  name: 'Box',
  built_in: false,
  connectors: [{ power_type: 'AC', max_power_w: 3680, phases: 1, cable: 'socket' }],
  charge_point_vendor: null,
  shared_power_w: null,
  module_power_w: null,
  meter: { accuracy_class_percent: 0, resolution_wh: 0, measurands: null },
  configuration: {},
});
const COMBO = aChargerTemplate({
  id: 'combo',
  name: 'Combo',
  connectors: [
    { power_type: 'DC', max_power_w: 50_000, phases: 3, cable: 'tethered' },
    { power_type: 'AC', max_power_w: 22_080, phases: 3, cable: 'socket' },
  ],
});

describe('the choice of templates', () => {
  it('begins with none, and keeps what is the user’s apart', () => {
    expect(templateChoices([])).toEqual([{ value: 'custom', label: 'Custom' }]);
    expect(templateChoices([aChargerTemplate(), SINGLE, COMBO])).toEqual([
      { value: 'custom', label: 'Custom' },
      { group: 'Your own', items: [{ value: 'box', label: 'Box' }] },
      {
        group: 'DC',
        items: [
          { value: 'dc-duo', label: 'DC double' },
          { value: 'combo', label: 'Combo' },
        ],
      },
    ]);
  });
});

describe('a form filled from a template', () => {
  const before = { ...newCharger([], 1), charger_name: 'Mine', connection_url: 'ws://here/ocpp' };

  it('has its hardware and its maker; who and where it is stays', () => {
    expect(createBody(withTemplate(before, aChargerTemplate()))).toMatchObject({
      template_id: 'dc-duo',
      charger_name: 'Mine',
      connection_url: 'ws://here/ocpp',
      charge_point_vendor: 'Maker',
      charge_point_model: 'Duo',
      firmware_version: '5.0',
      connectors: [
        { power_type: 'DC', max_power_w: 150_000, phases: 3, cable: 'tethered' },
        { power_type: 'DC', max_power_w: 150_000, phases: 3, cable: 'tethered' },
      ],
      shared_power_w: 150_000,
      module_power_w: 30_000,
      meter: aChargerTemplate().meter,
    });
  });

  it('shows connectors one by one where they differ', () => {
    expect(withTemplate(before, aChargerTemplate()).connectors_differ).toBe(false);
    const combo = withTemplate(before, COMBO);
    expect(combo.connectors_differ).toBe(true);
    expect(createBody(combo).connectors).toEqual(COMBO.connectors);
  });

  it('has the usual maker where the template names none', () => {
    expect(withTemplate(before, SINGLE).charge_point_vendor).toBe(before.charge_point_vendor);
  });

  it('is a new charger’s again when none is chosen', () => {
    expect(withTemplate(withTemplate(before, COMBO), null)).toEqual(before);
    expect(createBody(before).template_id).toBeNull();
  });
});

describe('what the form has no fields for', () => {
  it('is told in a line', () => {
    expect(templateFacts(aChargerTemplate())).toBe(
      '150 kW shared in modules of 30 kW · meter within 1 % · 2 measurands · 1 configuration key set',
    );
    expect(templateFacts(SINGLE)).toBe('exact meter');
  });
});
