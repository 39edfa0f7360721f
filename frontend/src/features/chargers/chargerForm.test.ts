import { describe, expect, it } from 'vitest';
import { aCharger, aChargerDetail, aConnector } from '@/testing/things';
import {
  CHECKS,
  FALLBACK_URL,
  checkChargePointId,
  checkUrl,
  createBody,
  freeChargePointId,
  newCharger,
  updateBody,
  valuesOf,
} from './chargerForm';

describe('a new charger', () => {
  it('gets the first id that is free, and the CSMS of its neighbours', () => {
    expect(freeChargePointId(['CP001', 'CP003'])).toBe('CP002');
    const others = [
      aCharger({ charge_point_id: 'CP001', location_id: 2, connection_url: 'ws://far/ocpp' }),
      aCharger({ charge_point_id: 'CP002', location_id: 1, connection_url: 'ws://near/ocpp' }),
    ];
    expect(newCharger(others, 1)).toMatchObject({
      charge_point_id: 'CP003',
      connection_url: 'ws://near/ocpp',
    });
    expect(newCharger(others, 3).connection_url).toBe('ws://far/ocpp');
    expect(newCharger([], 1).connection_url).toBe(FALLBACK_URL);
  });

  it('gets the hardware that was chosen, in watts', () => {
    const values = {
      ...newCharger([], 1),
      connector_count: 2,
      connector: { power_type: 'DC', max_power_kw: '', phases: '3', cable: '' } as const,
    };
    expect(createBody(values).connectors).toEqual([
      { power_type: 'DC', max_power_w: 150_000, phases: 3, cable: 'tethered' },
      { power_type: 'DC', max_power_w: 150_000, phases: 3, cable: 'tethered' },
    ]);
  });
});

describe('a change', () => {
  it('sends nothing when nothing was changed', () => {
    const values = valuesOf(aChargerDetail());
    expect(updateBody(values, values)).toEqual({});
  });

  it('sends only what was changed, and secrets only when they were typed', () => {
    const values = valuesOf(aChargerDetail());
    const after = { ...values, charger_name: 'South gate', basic_auth_password: 'secret' };
    expect(updateBody(values, after)).toEqual({
      charger_name: 'South gate',
      basic_auth_password: 'secret',
    });
    expect(updateBody(values, { ...values, time_scale: 60 })).toEqual({ time_scale: 60 });
    expect(updateBody(values, { ...values, ca_pem: 'PEM' })).toEqual({ tls: { ca_pem: 'PEM' } });
  });

  it('keeps connectors that differ apart', () => {
    const values = valuesOf(
      aChargerDetail({
        connectors: [
          aConnector(),
          aConnector({ connector_id: 2, power_type: 'DC', cable_kind: 'tethered' }),
        ],
      }),
    );
    expect(values.connectors_differ).toBe(true);
    expect(values.connectors.map(({ power_type }) => power_type)).toEqual(['AC', 'DC']);
  });
});

describe('the hardware beyond the connectors', () => {
  const shared = { shared_power_w: 150_000, module_power_w: 30_000 };

  it('is sent where it was changed, null for what there is no more', () => {
    const values = valuesOf(aChargerDetail(shared));
    const hardware = {
      ...values.hardware,
      module_power_kw: '',
      resolution_wh: 10,
      measurands: ['Energy.Active.Import.Register'],
    } as const;
    expect(
      updateBody(values, {
        ...values,
        hardware: { ...hardware, measurands: [...hardware.measurands] },
      }),
    ).toEqual({
      module_power_w: null,
      meter: {
        accuracy_class_percent: 0,
        resolution_wh: 10,
        measurands: ['Energy.Active.Import.Register'],
      },
    });
  });

  it('is checked for what does not fit together', () => {
    const { hardware } = valuesOf(aChargerDetail(shared));
    expect(CHECKS.hardware(hardware)).toBeNull();
    expect(CHECKS.hardware({ ...hardware, shared_power_kw: '' })).toMatch(/shared power/);
    expect(CHECKS.hardware({ ...hardware, shared_power_kw: 20 })).toMatch(/at most/);
    expect(CHECKS.hardware({ ...hardware, measurands: ['SoC'] })).toMatch(/Energy.Active/);
  });
});

describe('the checks', () => {
  it('take the ids that the API takes', () => {
    expect(['CP001', 'a b|c', 'x'.repeat(48)].map(checkChargePointId)).toEqual([null, null, null]);
    for (const id of ['', 'a/b', '.', '..', 'é', 'x'.repeat(49)]) {
      expect(checkChargePointId(id)).not.toBeNull();
    }
  });

  it('want a WebSocket address', () => {
    expect(checkUrl('wss://csms.example/ocpp')).toBeNull();
    for (const url of ['', 'http://csms.example', 'ws://', 'csms']) {
      expect(checkUrl(url)).not.toBeNull();
    }
  });

  it('warn of a colon where Basic auth would be split at it', () => {
    const values = {
      ...newCharger([], 1),
      charge_point_id: 'A:B',
      security_profile: '1' as const,
    };
    expect(CHECKS.basic_auth_password('secret', values)).not.toBeNull();
    expect(CHECKS.basic_auth_password('', values)).toBeNull();
  });
});
