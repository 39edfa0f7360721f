import { describe, expect, it } from 'vitest';
import { aVehicle } from '@/testing/things';
import { CHECKS, NEW_VEHICLE, bodyOf, tagsOf, valuesOf } from './vehicleForm';

describe('the vehicle form', () => {
  it('sends back what it was given when nothing was changed', () => {
    const vehicle = aVehicle({ id_tags: ['A', 'B'], ac_phases: 1 });
    expect(vehicle).toMatchObject(bodyOf(valuesOf(vehicle)));
  });

  it('wants a name and quantities that make sense', () => {
    expect(CHECKS.name(NEW_VEHICLE.name)).not.toBeNull();
    expect(CHECKS.battery_capacity_kwh('')).not.toBeNull();
    expect(CHECKS.battery_capacity_kwh(0)).not.toBeNull();
  });

  it('leaves to the default car what is left empty', () => {
    expect(bodyOf({ ...NEW_VEHICLE, name: 'Van' })).toEqual({
      name: 'Van',
      id_tags: [],
      battery_capacity_kwh: 60,
      ac_phases: null,
      ac_max_power_kw: null,
      dc_max_power_kw: null,
    });
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
