import { describe, expect, it } from 'vitest';
import { aVehicle, aVehicleModel } from '@/testing/things';
import {
  CHECKS,
  NEW_VEHICLE,
  OWN_NUMBERS,
  bodyOf,
  curveOf,
  modelChoices,
  phaseShare,
  placeholderOf,
  tagsOf,
  valuesOf,
  withModel,
} from './vehicleForm';

describe('the vehicle form', () => {
  it('sends back what it was given when nothing was changed', () => {
    const vehicle = aVehicle({
      id_tags: ['A', 'B'],
      ac_phases: 1,
      ac_efficiency: 0.86,
      dc_charging_curve: [
        { soc_percent: 0, power_kw: 80.5 },
        { soc_percent: 100, power_kw: 10 },
      ],
    });
    expect(vehicle).toMatchObject(bodyOf(valuesOf(vehicle)));
  });

  it('leaves the capacity to the model where it was the model’s', () => {
    const vehicle = aVehicle({ model_id: 'brand-model', battery_capacity_own: false });
    expect(bodyOf(valuesOf(vehicle)).battery_capacity_kwh).toBeNull();
    const own = aVehicle({ model_id: 'brand-model', battery_capacity_kwh: 48 });
    expect(bodyOf(valuesOf(own)).battery_capacity_kwh).toBe(48);
  });

  it('wants a name and quantities that make sense', () => {
    const own = { model_id: OWN_NUMBERS };
    expect(CHECKS.name(NEW_VEHICLE.name)).not.toBeNull();
    expect(CHECKS.battery_capacity_kwh('', own)).not.toBeNull();
    expect(CHECKS.battery_capacity_kwh(0, own)).not.toBeNull();
    expect(CHECKS.battery_capacity_kwh('', { model_id: 'brand-model' })).toBeNull();
    expect(CHECKS.battery_capacity_kwh(0, { model_id: 'brand-model' })).not.toBeNull();
    expect(CHECKS.dc_charging_curve('')).toBeNull();
    expect(CHECKS.dc_charging_curve('0:80, 100:10')).toBeNull();
    expect(CHECKS.dc_charging_curve('fast')).not.toBeNull();
  });

  it('leaves to the default car what is left empty', () => {
    const body = bodyOf({ ...NEW_VEHICLE, name: 'Van' });
    expect(body).toMatchObject({ name: 'Van', id_tags: [], battery_capacity_kwh: 60 });
    const { name, id_tags, battery_capacity_kwh, ...rest } = body;
    expect([name, id_tags, battery_capacity_kwh]).toEqual(['Van', [], 60]);
    expect(Object.values(rest).every((value) => value === null)).toBe(true);
  });

  it('shows shares as percent', () => {
    expect(valuesOf(aVehicle({ dc_efficiency: 0.95 })).dc_efficiency).toBe(95);
    expect(bodyOf({ ...NEW_VEHICLE, ac_efficiency: 86 }).ac_efficiency).toBe(0.86);
  });

  it('reads each tag once, whatever is around the commas', () => {
    expect(tagsOf(' A,B ,, A,')).toEqual(['A', 'B']);
    expect(tagsOf('')).toEqual([]);
  });

  it('takes the tags that OCPP takes', () => {
    expect(CHECKS.id_tags(`04A2B3C4D5E6F7, ${'x'.repeat(20)}`)).toBeNull();
    expect(CHECKS.id_tags('x'.repeat(21))).not.toBeNull();
    expect(CHECKS.id_tags('Straße')).not.toBeNull();
  });
});

describe('the choice of a model', () => {
  const model = aVehicleModel();
  const other = aVehicleModel({ id: 'a-other', brand: 'A', name: 'Other' });

  it('suggests a name and leaves the capacity to the model', () => {
    expect(withModel(NEW_VEHICLE, null, model)).toEqual({
      model_id: 'brand-model',
      battery_capacity_kwh: '',
      name: 'Brand Model',
    });
    const chosen = { ...NEW_VEHICLE, name: 'Brand Model', model_id: model.id };
    expect(withModel(chosen, model, other)).toEqual({ model_id: 'a-other', name: 'A Other' });
  });

  it('keeps a name and a capacity that somebody gave', () => {
    const given = { ...NEW_VEHICLE, name: 'Ours', model_id: model.id };
    expect(withModel(given, model, other)).toEqual({ model_id: 'a-other' });
    expect(withModel(given, model, null)).toEqual({
      model_id: OWN_NUMBERS,
      battery_capacity_kwh: 60,
    });
  });

  it('takes the capacity of the model along to own numbers', () => {
    const chosen = { ...NEW_VEHICLE, name: 'Ours', battery_capacity_kwh: '' as const };
    expect(withModel(chosen, model, null).battery_capacity_kwh).toBe(52);
  });

  it('is by brand, own numbers first, and keeps a model that is gone', () => {
    const choices = modelChoices([model, other], 'gone');
    expect(choices[0]).toEqual({ value: OWN_NUMBERS, label: 'Own numbers' });
    expect(choices[1]).toMatchObject({ value: 'gone' });
    expect(choices.slice(2)).toMatchObject([{ group: 'A' }, { group: 'Brand' }]);
  });

  it('shows what its numbers are', () => {
    expect(placeholderOf('ac_efficiency', model, 100)).toBe('86');
    expect(placeholderOf('target_soc_percent', model)).toBe('as the default car');
    expect(placeholderOf('ac_max_power_kw', null)).toBe('as the default car');
    const onePhase = phaseShare({ ...NEW_VEHICLE, ac_phases: '1' }, model);
    expect(placeholderOf('ac_max_power_kw', model, onePhase)).toBe('7.333');
    expect(phaseShare(NEW_VEHICLE, model)).toBe(1);
  });

  it('draws the curve that counts', () => {
    expect(curveOf(NEW_VEHICLE, model)?.[1]).toEqual({ soc_percent: 50, power_kw: 46 });
    const own = { ...NEW_VEHICLE, dc_charging_curve: '0:30, 100:5' };
    expect(curveOf(own, model)).toHaveLength(2);
    expect(curveOf({ ...NEW_VEHICLE, dc_max_power_kw: 0 }, model)).toBeNull();
    expect(curveOf(NEW_VEHICLE, aVehicleModel({ dc_max_power_kw: 0 }))).toBeNull();
    expect(curveOf(NEW_VEHICLE, null)?.[0]?.power_kw).toBe(150);
  });
});
