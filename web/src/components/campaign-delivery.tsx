import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultAt } from '@/lib/campaign';
import { SEND_IN, USUAL, type DraftDelivery } from '@/lib/campaign-delivery';
import { Choice } from './choice';
import { Fault } from './fault';
import { Field } from './field';
import { Tick } from './tick';
import { Input, NativeSelect } from './ui/input';

/** How a campaign goes out: by whose clock, how fast and how carefully. */
export function CampaignDelivery({
  value,
  faults,
  onChange,
}: {
  value: DraftDelivery;
  /** By the API's pointers. */
  faults: Record<string, string>;
  onChange: (value: DraftDelivery) => void;
}) {
  const { t } = useTranslation();
  const put = (patch: Partial<DraftDelivery>) => onChange({ ...value, ...patch });
  const hasFault = faultAt(faults, '/delivery') !== undefined;
  const [isOpen, setOpen] = useState(() => JSON.stringify({ ...value, sendIn: '' }) !== UNCHANGED);
  const words = (name: string) => t(`campaigns.delivery.${name}`);
  type Numbers = Exclude<
    keyof DraftDelivery,
    'sendIn' | 'hasCanary' | 'canaryBy' | 'hasBreaker' | 'classes' | 'hasCap'
  >;
  const number = (field: Numbers, pointer: string, step?: string) => (
    <Field label={words(field)} error={faults[`/delivery/${pointer}`]}>
      <Input
        type="number"
        min={0}
        step={step}
        value={value[field]}
        onChange={(event) => put({ [field]: event.target.value })}
      />
    </Field>
  );
  const box = 'grid gap-3 rounded-md border p-3';
  const row = 'grid items-end gap-3 sm:grid-cols-3';
  return (
    <div className="grid gap-6">
      <Choice
        legend={words('sendIn')}
        options={SEND_IN.map((one) => ({
          value: one,
          label: words(`clocks.${one}`),
          hint: words(`clockHints.${one}`),
        }))}
        value={value.sendIn}
        error={faults['/send_in']}
        onChange={(sendIn) => put({ sendIn })}
      />
      <details
        open={isOpen || hasFault}
        onToggle={(event) => setOpen(event.currentTarget.open)}
        className="rounded-md border p-3"
      >
        <summary className="cursor-pointer text-sm font-medium">
          {words('fine')}
          <span className="block text-xs font-normal text-muted-foreground">{words('fineHint')}</span>
        </summary>
        <div className="mt-4 grid gap-4">
          <Field label={words('throttle')} hint={words('throttleHint')} error={faults['/delivery/throttle']}>
            <Input
              type="number"
              min={0}
              step="any"
              className="max-w-40"
              value={value.throttle}
              onChange={(event) => put({ throttle: event.target.value })}
            />
          </Field>
          <div className={box}>
            <Tick
              label={words('hasCanary')}
              hint={words('canaryHint')}
              checked={value.hasCanary}
              onChange={(hasCanary) => put({ hasCanary })}
            />
            {value.hasCanary && (
              <div className={row}>
                <Field label={words('canarySize')} error={faults[`/delivery/canary/${value.canaryBy}`]}>
                  <Input
                    type="number"
                    min={1}
                    value={value.canarySize}
                    onChange={(event) => put({ canarySize: event.target.value })}
                  />
                </Field>
                <Field label={words('canaryBy')}>
                  <NativeSelect
                    value={value.canaryBy}
                    onChange={(event) => put({ canaryBy: event.target.value as DraftDelivery['canaryBy'] })}
                  >
                    <option value="recipients">{t('campaigns.recipients')}</option>
                    <option value="percent">{words('percent')}</option>
                  </NativeSelect>
                </Field>
                {number('canaryWait', 'canary/wait_minutes')}
                {number('canaryFails', 'canary/max_failure_percent')}
              </div>
            )}
            <Fault>{faults['/delivery/canary']}</Fault>
          </div>
          <div className={box}>
            <Tick
              label={words('hasBreaker')}
              hint={words('breakerHint')}
              checked={value.hasBreaker}
              onChange={(hasBreaker) => put({ hasBreaker })}
            />
            {value.hasBreaker && (
              <div className={row}>
                {number('breakerFails', 'breaker/max_failure_percent')}
                {number('breakerMinimum', 'breaker/minimum')}
                {number('breakerWindow', 'breaker/window_minutes')}
              </div>
            )}
          </div>
          <div className={box}>
            <Tick
              label={words('hasCap')}
              hint={words('capHint')}
              checked={value.hasCap}
              onChange={(hasCap) => put({ hasCap })}
            />
            {value.hasCap && (
              <div className={row}>
                {number('capMessages', 'frequency_cap/messages')}
                {number('capDays', 'frequency_cap/days')}
              </div>
            )}
          </div>
        </div>
      </details>
    </div>
  );
}

const UNCHANGED = JSON.stringify({ ...USUAL, sendIn: '' });
