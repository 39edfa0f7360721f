import type { Measurand } from '@/api/types';

/** What a meter can have, by OCPP's names (1.6 ed.2 §7.31); complete, the type sees to it. */
const ALL: Record<Measurand, true> = {
  'Energy.Active.Import.Register': true,
  'Energy.Active.Import.Interval': true,
  'Power.Active.Import': true,
  'Power.Offered': true,
  'Current.Import': true,
  'Current.Offered': true,
  Voltage: true,
  SoC: true,
  Temperature: true,
  Frequency: true,
  'Power.Factor': true,
  'Power.Reactive.Import': true,
  'Energy.Reactive.Import.Register': true,
  'Energy.Reactive.Import.Interval': true,
  RPM: true,
  'Current.Export': true,
  'Power.Active.Export': true,
  'Power.Reactive.Export': true,
  'Energy.Active.Export.Register': true,
  'Energy.Active.Export.Interval': true,
  'Energy.Reactive.Export.Register': true,
  'Energy.Reactive.Export.Interval': true,
};

export const MEASURANDS = Object.keys(ALL);
