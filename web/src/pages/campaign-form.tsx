import { zodResolver } from '@hookform/resolvers/zod';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { answer, api, type Schemas } from '@/api/client';
import { Field } from '@/components/field';
import { TemplatePreview } from '@/components/template-preview';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from '@/components/ui/dialog';
import { Input, NativeSelect } from '@/components/ui/input';
import { useAct } from '@/lib/act';
import { useFormat } from '@/lib/format';
import { channelsQuery, segmentsQuery, templatesQuery, useWorkspaceId } from '@/lib/queries';

type Campaign = Schemas['Campaign'];
type Parameter = Schemas['Parameter'];

/** Fields of a contact that can stand in a template's text. */
const CONTACT_FIELDS = ['first_name', 'name'] as const;

interface Values {
  name: string;
  channel: string;
  template: string;
  segment: string;
  parameters: { from: string; text: string }[];
}

const EMPTY: Values = { name: '', channel: '', template: '', segment: '', parameters: [] };

function placesOf(body: string) {
  return Math.max(0, ...[...body.matchAll(/\{\{(\d+)\}\}/g)].map((match) => Number(match[1])));
}

export function CampaignDialog({
  open,
  onOpenChange,
  onSaved,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onSaved: (campaign: Campaign) => void;
}) {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const channels = useQuery({ ...channelsQuery(workspace), enabled: open }).data?.items;
  const segments = useQuery({ ...segmentsQuery(workspace), enabled: open }).data?.items;
  const templates = useQuery({ ...templatesQuery(workspace), enabled: open }).data?.items;
  const schema = z.object({
    name: z.string().trim().min(1, t('campaigns.nameMissing')),
    channel: z.string().min(1, t('campaigns.choose')),
    template: z.string().min(1, t('campaigns.choose')),
    segment: z.string().min(1, t('campaigns.choose')),
    parameters: z.array(z.object({ from: z.string(), text: z.string().trim().min(1, t('campaigns.valueMissing')) })),
  });
  const { register, handleSubmit, formState, reset, setValue, control } = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: EMPTY,
  });
  useEffect(() => {
    if (open) reset(EMPTY);
  }, [open, reset]);
  const values = useWatch({ control });
  const channel = channels?.find((one) => one.id === values.channel);
  const usable = templates?.filter(
    (one) => one.status === 'approved' && one.category === 'marketing' && one.account_id === channel?.account_id,
  );
  const names = [...new Set(usable?.map((one) => one.name))];
  const versions = usable?.filter((one) => one.name === values.template) ?? [];
  const template =
    versions.find((one) => one.language.startsWith(i18n.language)) ??
    versions.find((one) => one.language.startsWith('en')) ??
    versions[0];
  const places = template ? placesOf(template.body) : 0;
  useEffect(() => {
    setValue(
      'parameters',
      Array.from({ length: places }, () => ({ from: 'first_name', text: '' })),
    );
  }, [places, values.template, setValue]);
  const size = useQuery({
    queryKey: [workspace, 'segment-size', values.segment],
    queryFn: () =>
      answer(api.GET('/api/v1/messaging/segments/{id}/size', { params: { path: { id: values.segment ?? '' } } })),
    enabled: Boolean(values.segment),
  });
  const make = useAct(
    (said: Values) =>
      answer(
        api.POST('/api/v1/messaging/campaigns', {
          body: {
            name: said.name,
            channel_id: said.channel,
            segment_id: said.segment,
            content: {
              kind: 'template',
              name: said.template,
              parameters: said.parameters.map(({ from, text }): Parameter =>
                from === 'text' ? { text } : { field: { name: from, fallback: text } },
              ),
            },
          },
        }),
      ),
    t('common.saved'),
  );
  const submit = handleSubmit(async (said) => {
    const campaign = await make.mutateAsync(said).catch(() => undefined);
    if (!campaign) return;
    onOpenChange(false);
    onSaved(campaign);
  });
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent>
        <DialogTitle>{t('campaigns.add')}</DialogTitle>
        <DialogDescription>{t('campaigns.formHint')}</DialogDescription>
        <form noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
          <Field label={t('campaigns.name')} error={formState.errors.name?.message}>
            <Input autoComplete="off" {...register('name')} />
          </Field>
          <Field label={t('campaigns.channel')} error={formState.errors.channel?.message}>
            <NativeSelect {...register('channel', { onChange: () => setValue('template', '') })}>
              <option value="">{t('campaigns.choose')}</option>
              {channels
                ?.filter((one) => one.kind === 'whatsapp')
                .map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name} {one.display_phone}
                  </option>
                ))}
            </NativeSelect>
          </Field>
          <Field
            label={t('campaigns.template')}
            hint={t('campaigns.templateHint')}
            error={formState.errors.template?.message}
          >
            <NativeSelect disabled={!channel} {...register('template')}>
              <option value="">{t('campaigns.choose')}</option>
              {names.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </NativeSelect>
          </Field>
          {Array.from({ length: places }, (_, index) => {
            const from = values.parameters?.[index]?.from ?? 'first_name';
            return (
              <fieldset key={index} className="grid gap-3 rounded-md border p-3 sm:grid-cols-2">
                <legend className="px-1 text-sm font-medium">{`{{${index + 1}}}`}</legend>
                <Field label={t('campaigns.valueFrom')}>
                  <NativeSelect {...register(`parameters.${index}.from`)}>
                    {CONTACT_FIELDS.map((field) => (
                      <option key={field} value={field}>
                        {t(`campaigns.fields.${field}`)}
                      </option>
                    ))}
                    <option value="text">{t('campaigns.fields.text')}</option>
                  </NativeSelect>
                </Field>
                <Field
                  label={from === 'text' ? t('campaigns.text') : t('campaigns.fallback')}
                  error={formState.errors.parameters?.[index]?.text?.message}
                >
                  <Input autoComplete="off" {...register(`parameters.${index}.text`)} />
                </Field>
              </fieldset>
            );
          })}
          {template && <TemplatePreview template={template} values={values.parameters?.map((one) => one.text ?? '')} />}
          <Field
            label={t('campaigns.audience')}
            hint={
              size.data
                ? t('campaigns.segmentSize', { count: size.data.contacts, shown: format.number(size.data.contacts) })
                : undefined
            }
            error={formState.errors.segment?.message}
          >
            <NativeSelect {...register('segment')}>
              <option value="">{t('campaigns.choose')}</option>
              {segments?.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </NativeSelect>
          </Field>
          <DialogFooter>
            <Button variant="outline" onClick={() => onOpenChange(false)}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" disabled={formState.isSubmitting}>
              {t('campaigns.make')}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
