/** The questions that the actions of a connector ask. */
import {
  Autocomplete,
  Button,
  Checkbox,
  Group,
  Modal,
  NumberInput,
  Select,
  Stack,
  TextInput,
} from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { FaultBody, FaultCode, Vehicle } from '@/api/types';
import { checkIdTag, knownTags } from './model';

interface DialogProps {
  title: string;
  opened: boolean;
  onClose: () => void;
}

interface FormProps {
  submit: string;
  disabled?: boolean;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

function DialogForm({ submit, disabled = false, onSubmit, onClose, children }: FormProps) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (disabled) return;
        onSubmit();
        onClose();
      }}
    >
      <Stack>
        {children}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={disabled}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface VehicleFieldsProps {
  vehicles: readonly Vehicle[];
  vehicleId: string | null;
  onVehicle: (id: string | null) => void;
  soc: number | '';
  onSoc: (soc: number | '') => void;
  autoFocus?: boolean;
}

function VehicleFields({
  vehicles,
  vehicleId,
  onVehicle,
  soc,
  onSoc,
  autoFocus = false,
}: VehicleFieldsProps) {
  return (
    <>
      <Select
        label="Vehicle"
        description="Without one, a car with 100 kWh at 20 % comes."
        placeholder="Default car"
        data={vehicles.map(({ id, name, battery_capacity_kwh }) => ({
          value: String(id),
          label: `${name} (${battery_capacity_kwh} kWh)`,
        }))}
        value={vehicleId}
        onChange={onVehicle}
        clearable
        searchable
        openOnFocus={false}
        data-autofocus={autoFocus || undefined}
      />
      <NumberInput
        label="State of charge (%)"
        placeholder="As the car has it"
        min={0}
        max={100}
        decimalScale={1}
        value={soc}
        onChange={(value) => {
          onSoc(typeof value === 'number' ? value : '');
        }}
      />
    </>
  );
}

export interface PlugIn {
  vehicleId: number | null;
  socPercent: number | null;
  lockFails: boolean;
}

interface PlugInProps extends Omit<DialogProps, 'title'> {
  vehicles: readonly Vehicle[];
  hasLock: boolean;
  onPlugIn: (values: PlugIn) => void;
}

export function PlugInDialog(props: PlugInProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Plug in">
      <PlugInForm {...props} />
    </Modal>
  );
}

function PlugInForm({ vehicles, hasLock, onPlugIn, onClose }: PlugInProps) {
  const [vehicleId, setVehicleId] = useState<string | null>(String(vehicles[0]?.id ?? '') || null);
  const [soc, setSoc] = useState<number | ''>('');
  const [lockFails, setLockFails] = useState(false);
  return (
    <DialogForm
      submit="Plug in"
      onClose={onClose}
      onSubmit={() => {
        onPlugIn({
          vehicleId: vehicleId === null ? null : Number(vehicleId),
          socPercent: soc === '' ? null : soc,
          lockFails,
        });
      }}
    >
      <VehicleFields
        vehicles={vehicles}
        vehicleId={vehicleId}
        onVehicle={setVehicleId}
        soc={soc}
        onSoc={setSoc}
        autoFocus
      />
      {hasLock && (
        <Checkbox
          label="The lock fails"
          checked={lockFails}
          onChange={(event) => {
            setLockFails(event.currentTarget.checked);
          }}
        />
      )}
    </DialogForm>
  );
}

interface TagProps extends Omit<DialogProps, 'title'> {
  vehicles: readonly Vehicle[];
  initial: string;
  onPresent: (idTag: string) => void;
}

export function PresentTagDialog(props: TagProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Present tag">
      <TagForm {...props} />
    </Modal>
  );
}

function TagForm({ vehicles, initial, onPresent, onClose }: TagProps) {
  const [tag, setTag] = useState(initial);
  return (
    <DialogForm
      submit="Present tag"
      disabled={checkIdTag(tag) !== null}
      onClose={onClose}
      onSubmit={() => {
        onPresent(tag);
      }}
    >
      <TagField value={tag} onChange={setTag} vehicles={vehicles} />
    </DialogForm>
  );
}

interface TagFieldProps {
  value: string;
  onChange: (tag: string) => void;
  vehicles: readonly Vehicle[];
}

function TagField({ value, onChange, vehicles }: TagFieldProps) {
  const tags = knownTags(vehicles);
  const [listOpened, setListOpened] = useState(false);
  // A list with nothing in it is not seen, but would take Escape away from the dialog.
  const fits = tags.some((tag) => tag.toLowerCase().includes(value.trim().toLowerCase()));
  return (
    <Autocomplete
      label="Id tag"
      data={tags}
      dropdownOpened={listOpened && fits}
      onDropdownOpen={() => {
        setListOpened(true);
      }}
      onDropdownClose={() => {
        setListOpened(false);
      }}
      value={value}
      onChange={onChange}
      error={value === '' ? null : checkIdTag(value)}
      spellCheck={false}
      required
      openOnFocus={false}
      data-autofocus
    />
  );
}

export interface Start {
  idTag: string;
  vehicleId: number | null;
  socPercent: number | null;
}

interface StartProps extends Omit<DialogProps, 'title'> {
  vehicles: readonly Vehicle[];
  initial: { vehicleId: number | null; idTag: string };
  /** A car that is plugged in is the one that charges. */
  carThere: boolean;
  onStart: (values: Start) => void;
}

export function StartDialog(props: StartProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Start charging">
      <StartForm {...props} />
    </Modal>
  );
}

function StartForm({ vehicles, initial, carThere, onStart, onClose }: StartProps) {
  const [tag, setTag] = useState(initial.idTag);
  const [vehicleId, setVehicleId] = useState(
    initial.vehicleId === null ? null : String(initial.vehicleId),
  );
  const [soc, setSoc] = useState<number | ''>('');
  return (
    <DialogForm
      submit="Start"
      disabled={checkIdTag(tag) !== null}
      onClose={onClose}
      onSubmit={() => {
        onStart({
          idTag: tag,
          vehicleId: vehicleId === null ? null : Number(vehicleId),
          socPercent: soc === '' ? null : soc,
        });
      }}
    >
      <TagField value={tag} onChange={setTag} vehicles={vehicles} />
      {!carThere && (
        <VehicleFields
          vehicles={vehicles}
          vehicleId={vehicleId}
          onVehicle={(id) => {
            setVehicleId(id);
            const own = vehicles.find((vehicle) => String(vehicle.id) === id)?.id_tags[0];
            if (own) setTag(own);
          }}
          soc={soc}
          onSoc={setSoc}
        />
      )}
    </DialogForm>
  );
}

const FAULT_CODES: readonly FaultCode[] = [
  'ConnectorLockFailure',
  'EVCommunicationError',
  'GroundFailure',
  'HighTemperature',
  'InternalError',
  'LocalListConflict',
  'OtherError',
  'OverCurrentFailure',
  'OverVoltage',
  'PowerMeterFailure',
  'PowerSwitchFailure',
  'ReaderFailure',
  'ResetFailure',
  'UnderVoltage',
  'WeakSignal',
];

interface FaultProps extends Omit<DialogProps, 'title'> {
  onFault: (fault: FaultBody) => void;
}

export function FaultDialog(props: FaultProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Raise a fault">
      <FaultForm {...props} />
    </Modal>
  );
}

function FaultForm({ onFault, onClose }: FaultProps) {
  const [code, setCode] = useState<FaultCode>('GroundFailure');
  const [info, setInfo] = useState('');
  const [vendorCode, setVendorCode] = useState('');
  return (
    <DialogForm
      submit="Raise fault"
      onClose={onClose}
      onSubmit={() => {
        onFault({
          error_code: code,
          info: info || null,
          vendor_error_code: vendorCode || null,
        });
      }}
    >
      <Select
        label="Error code"
        data={FAULT_CODES}
        value={code}
        onChange={(chosen) => {
          if (chosen) setCode(chosen);
        }}
        allowDeselect={false}
        searchable
        openOnFocus={false}
        data-autofocus
      />
      <TextInput
        label="Info"
        maxLength={50}
        value={info}
        onChange={(event) => {
          setInfo(event.currentTarget.value);
        }}
      />
      <TextInput
        label="Vendor error code"
        maxLength={50}
        value={vendorCode}
        onChange={(event) => {
          setVendorCode(event.currentTarget.value);
        }}
      />
    </DialogForm>
  );
}
