/** The questions that the actions of a connector ask. */
import { Autocomplete, Checkbox, Modal, NumberInput, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FaultBody, FaultCode, PlugInBody, Vehicle } from '@/api/types';
import { vehicleModelsQuery } from '@/api/vehicles';
import { DialogForm } from '@/components/DialogForm';
import { FAULT_CODES } from '@/components/status';
import { type Arrival, arrivalChoices, arrivalOf, checkIdTag, knownTags } from './model';

interface DialogProps {
  title: string;
  opened: boolean;
  onClose: () => void;
}

interface VehicleFieldsProps {
  vehicles: readonly Vehicle[];
  /** As `arrivalChoices` gives it. */
  choice: string | null;
  onChoice: (choice: string | null) => void;
  soc: number | '';
  onSoc: (soc: number | '') => void;
  autoFocus?: boolean;
}

function VehicleFields({
  vehicles,
  choice,
  onChoice,
  soc,
  onSoc,
  autoFocus = false,
}: VehicleFieldsProps) {
  const models = useQuery(vehicleModelsQuery).data ?? [];
  return (
    <>
      <Select
        label="Vehicle"
        description="Without one, a car with 100 kWh at 20 % comes."
        placeholder="Default car"
        data={arrivalChoices(vehicles, models)}
        maxDropdownHeight={260}
        nothingFoundMessage="No car like that"
        value={choice}
        onChange={onChoice}
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

type CableRating = NonNullable<PlugInBody['cable_current_a']>;

/** What the resistor in a plug can say (IEC 61851-1). */
const CABLE_RATINGS_A: readonly CableRating[] = [13, 20, 32, 63];

interface PlugInProps extends Omit<DialogProps, 'title'> {
  vehicles: readonly Vehicle[];
  hasLock: boolean;
  /** Whether the car brings the cable. */
  bringsCable: boolean;
  onPlugIn: (body: PlugInBody) => void;
}

export function PlugInDialog(props: PlugInProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title="Plug in">
      <PlugInForm {...props} />
    </Modal>
  );
}

function PlugInForm({ vehicles, hasLock, bringsCable, onPlugIn, onClose }: PlugInProps) {
  const [choice, setChoice] = useState<string | null>(String(vehicles[0]?.id ?? '') || null);
  const [soc, setSoc] = useState<number | ''>('');
  const [celsius, setCelsius] = useState<number | ''>('');
  const [rating, setRating] = useState<CableRating | null>(null);
  const [lockFails, setLockFails] = useState(false);
  const [minutes, setMinutes] = useState<number | ''>('');
  return (
    <DialogForm
      submit="Plug in"
      onClose={onClose}
      onSubmit={() => {
        const { vehicleId, modelId } = arrivalOf(choice);
        onPlugIn({
          vehicle_id: vehicleId,
          model_id: modelId,
          soc_percent: soc === '' ? null : soc,
          battery_temperature_celsius: celsius === '' ? null : celsius,
          cable_current_a: rating,
          lock_fails: lockFails,
          departs_after_s: minutes === '' ? null : minutes * 60,
        });
      }}
    >
      <VehicleFields
        vehicles={vehicles}
        choice={choice}
        onChoice={setChoice}
        soc={soc}
        onSoc={setSoc}
        autoFocus
      />
      <NumberInput
        label="Battery temperature (°C)"
        description="A cold battery of most models takes less power at first."
        placeholder="Warm"
        min={-40}
        max={60}
        decimalScale={1}
        value={celsius}
        onChange={(value) => {
          setCelsius(typeof value === 'number' ? value : '');
        }}
      />
      {bringsCable && (
        <Select
          label="Cable rating"
          description="A cable that is rated for less than the connector limits the current."
          placeholder="As much as the connector gives"
          data={CABLE_RATINGS_A.map((current) => ({
            value: String(current),
            label: `${current} A`,
          }))}
          value={rating === null ? null : String(rating)}
          onChange={(value) => {
            setRating(CABLE_RATINGS_A.find((current) => String(current) === value) ?? null);
          }}
          clearable
        />
      )}
      <NumberInput
        label="Leaves after (min)"
        description="The driver ends the session and takes the cable out. In simulated time."
        placeholder="When you unplug it"
        min={0.1}
        max={525_600}
        decimalScale={1}
        value={minutes}
        onChange={(value) => {
          setMinutes(typeof value === 'number' ? value : '');
        }}
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

export interface Start extends Arrival {
  idTag: string;
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
  const [choice, setChoice] = useState(
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
          ...arrivalOf(choice),
          socPercent: soc === '' ? null : soc,
        });
      }}
    >
      <TagField value={tag} onChange={setTag} vehicles={vehicles} />
      {!carThere && (
        <VehicleFields
          vehicles={vehicles}
          choice={choice}
          onChoice={(chosen) => {
            setChoice(chosen);
            const { vehicleId } = arrivalOf(chosen);
            const own = vehicles.find(({ id }) => id === vehicleId)?.id_tags[0];
            if (own) setTag(own);
          }}
          soc={soc}
          onSoc={setSoc}
        />
      )}
    </DialogForm>
  );
}

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
