import { describe, expect, it } from 'vitest';
import { aChargingConnector, aConnector, aMeter, aVehicle, aVehicleModel } from '@/testing/things';
import {
  FALLBACK_TAG,
  arrivalChoices,
  arrivalOf,
  checkIdTag,
  describe as inWords,
  knownTags,
  oneClickSession,
  possibleAt,
  powerFraction,
  sessionEnergyWh,
} from './model';

describe('what can be done', () => {
  it('at a free connector: plug in, present a tag, start', () => {
    expect(possibleAt(aConnector(), true)).toMatchObject({
      plugIn: true,
      presentTag: true,
      start: true,
      stop: false,
      pauseEv: false,
      unplug: false,
      freeSocket: false,
      clearFault: false,
    });
  });

  it('while a car charges: stop, pause, unplug the car, but not the locked socket', () => {
    expect(possibleAt(aChargingConnector(), true)).toMatchObject({
      plugIn: false,
      start: false,
      stop: true,
      pauseEv: true,
      resumeEv: false,
      unplug: true,
      freeSocket: false,
    });
    expect(possibleAt(aChargingConnector({ ev_draws: false }), true).resumeEv).toBe(true);
  });

  it('with a fault: clear it, but do not start', () => {
    const faulted = aConnector({ status: 'Faulted', error_code: 'GroundFailure' });
    expect(possibleAt(faulted, true)).toMatchObject({
      start: false,
      fault: false,
      clearFault: true,
    });
  });

  it('without power: what hands can do, nothing else', () => {
    expect(possibleAt(aConnector(), false)).toMatchObject({
      plugIn: true,
      presentTag: false,
      start: false,
      fault: false,
    });
  });

  it('at a fixed cable there is neither lock nor socket', () => {
    const tethered = aChargingConnector({ cable_kind: 'tethered', locked: false });
    expect(possibleAt(tethered, true)).toMatchObject({
      freeSocket: false,
      jamLock: false,
      releaseLock: false,
    });
  });
});

describe('what is going on, in words', () => {
  it('tells the states of a session apart', () => {
    expect(inWords(aConnector(), true)).toBe('Ready for a car');
    expect(inWords(aConnector({ cable: 'socket' }), true)).toContain('cable is in the socket');
    expect(inWords(aChargingConnector(), true)).toBe('Blue van charges at 11.0 kW, 54.3 %');
    expect(inWords(aChargingConnector({ status: 'Preparing', id_tag: null }), true)).toContain(
      'waiting for a tag',
    );
    expect(inWords(aConnector({ status: 'Preparing', id_tag: 'BLUE' }), true)).toContain(
      'waiting for a car',
    );
    expect(inWords(aConnector({ status: 'Preparing', cable: 'socket' }), true)).toBe(
      'A cable is in the socket, no car',
    );
    expect(inWords(aChargingConnector({ status: 'Finishing' }), true)).toContain('unplugged');
    expect(inWords(aChargingConnector({ status: 'SuspendedEV' }), true)).toContain('no energy');
    expect(inWords(aConnector({ status: 'Unavailable' }), true)).toBe('Out of service');
  });

  it('names the fault, and says when there is no power', () => {
    const fault = { status: 'Faulted', error_code: 'GroundFailure' } as const;
    expect(inWords(aConnector(fault), true)).toBe('Fault: GroundFailure');
    expect(inWords(aConnector({ ...fault, info: 'wet' }), true)).toBe('GroundFailure: wet');
    expect(inWords(aChargingConnector(), false)).toBe('No power');
  });
});

describe('the numbers of a session', () => {
  it('count from the meter at the start', () => {
    expect(sessionEnergyWh(aChargingConnector())).toBe(2000);
    expect(sessionEnergyWh(aConnector())).toBeNull();
  });

  it('relate the power to what the connector can give', () => {
    expect(
      powerFraction(aConnector({ max_power_w: 22_080, meter: aMeter({ power_w: 11_040 }) })),
    ).toBe(0.5);
    expect(powerFraction(aConnector({ max_power_w: 0 }))).toBe(0);
  });
});

describe('a start by one click', () => {
  const vehicles = [aVehicle({ id: 1, id_tags: [] }), aVehicle({ id: 2, id_tags: ['VAN'] })];

  it('brings the first car that has a tag', () => {
    expect(oneClickSession(aConnector(), vehicles, '')).toEqual({ vehicleId: 2, idTag: 'VAN' });
  });

  it('takes the car that is there, with its own tag', () => {
    const there = aConnector({ cable: 'vehicle', vehicle_id: 2 });
    expect(oneClickSession(there, vehicles, 'LAST')).toEqual({ vehicleId: 2, idTag: 'VAN' });
  });

  it('falls back to the tag that was used last, then to any', () => {
    const stranger = aConnector({ cable: 'vehicle', vehicle_id: null });
    expect(oneClickSession(stranger, vehicles, 'LAST').idTag).toBe('LAST');
    expect(oneClickSession(stranger, vehicles, '').idTag).toBe('VAN');
    expect(oneClickSession(aConnector(), [], '')).toEqual({
      vehicleId: null,
      idTag: FALLBACK_TAG,
    });
  });
});

it('knows each tag once, and which texts are tags', () => {
  expect(knownTags([aVehicle({ id_tags: ['A', 'B'] }), aVehicle({ id_tags: ['B'] })])).toEqual([
    'A',
    'B',
  ]);
  expect(checkIdTag('x'.repeat(20))).toBeNull();
  expect(checkIdTag('')).not.toBeNull();
  expect(checkIdTag('x'.repeat(21))).not.toBeNull();
});

describe('the car that comes', () => {
  const model = aVehicleModel({ id: 'zeta-van', brand: 'Zeta', name: 'Van' });

  it('is one of the location or one of a model that passes by', () => {
    const [here, passing] = arrivalChoices([aVehicle({ id: 7 })], [model]);
    expect(here?.items).toEqual([{ value: '7', label: 'Blue van (60 kWh)' }]);
    expect(passing?.items).toMatchObject([{ label: 'Zeta Van (52 kWh)' }]);
    expect(arrivalOf('7')).toEqual({ vehicleId: 7, modelId: null });
    expect(arrivalOf(passing?.items[0]?.value ?? null)).toEqual({
      vehicleId: null,
      modelId: 'zeta-van',
    });
    expect(arrivalOf(null)).toEqual({ vehicleId: null, modelId: null });
  });

  it('is chosen from no empty groups', () => {
    expect(arrivalChoices([], [])).toEqual([]);
    expect(arrivalChoices([], [model])).toHaveLength(1);
  });
});
