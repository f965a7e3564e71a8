import { computed, type ComputedRef } from 'vue';
import type { AskedOperation, OperationRequest } from '#core/simulation/operation';
import type { Simulation } from '#core/simulation/simulate';
import { without } from './useDraft.ts';
import { useApart, type Apart } from './useApart.ts';
import type { LabState } from './useLab.ts';

/** How the devices of both systems are run, as far as it was said. */
export type OperationFields = {
  readonly arrivalRate?: number | undefined;
} & Readonly<Record<'small' | 'large', SystemFields>>;
export type SystemFields = Readonly<Partial<Record<SystemField, number | undefined>>>;
export type SystemField = 'devices' | 'idleW' | 'carbonGPerKwh' | 'pricePerKwh' | 'pricePerDeviceHour';

/** Nothing said: one device of each, and half the queries that they carry. */
export const NOTHING_SAID: OperationFields = { small: {}, large: {} };

/** The draft's policy as devices carry it out, computed beside the window. */
export function useSimulation({
  draft,
  catalogue,
  client,
  operation,
  simulations,
}: LabState): Apart<Simulation> & {
  readonly devices: ComputedRef<Readonly<Record<'small' | 'large', number>>>;
} {
  /** As they were said here, or else in the study. */
  const devices = computed(() => {
    const own = draft.settings.value.capacity?.devices;
    return {
      small: operation.value.small.devices ?? own?.small ?? 1,
      large: operation.value.large.devices ?? own?.large ?? 1,
    };
  });
  const request = computed((): OperationRequest => {
    const rate = operation.value.arrivalRate ?? draft.settings.value.capacity?.arrivalRate;
    const side = (name: 'small' | 'large'): OperationRequest['small'] => ({
      ...(Object.fromEntries(
        Object.entries(operation.value[name]).filter(([, amount]) => amount !== undefined),
      ) as Partial<OperationRequest['small']>),
      devices: devices.value[name],
    });
    return {
      ...(rate === undefined ? {} : { arrivalRate: rate }),
      small: side('small'),
      large: side('large'),
    };
  });
  const apart = useApart({
    client,
    kind: 'simulate',
    cache: simulations,
    question: () => {
      const { value } = draft.outcome;
      const settings = without(draft.settings.value, 'capacity');
      if (!('inputs' in value) || settings.energyModel === 'paper') return undefined;
      return {
        key: JSON.stringify([settings, request.value, catalogue.revision.value]),
        ask: () => client.simulateStudy({ settings, operation: request.value as AskedOperation }),
      };
    },
  });
  return { ...apart, devices };
}
