import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { CalendarClockIcon, SendIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { Confirm } from '@/components/confirm';
import { Field } from '@/components/field';
import { Fact, Facts, PageHead } from '@/components/page';
import { PlaceFields } from '@/components/place-fields';
import { Failed, Loading } from '@/components/states';
import { Steps } from '@/components/steps';
import { TemplatePreview } from '@/components/template-preview';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { Input, NativeSelect } from '@/components/ui/input';
import { useAct } from '@/lib/act';
import { shifted } from '@/lib/days';
import { useFormat } from '@/lib/format';
import { channelsQuery, segmentsQuery, templatesQuery, useWorkspaceId } from '@/lib/queries';
import { Reasons, ReportFacts } from './campaign';
import { parameterOf, versionFor, wantsOf, type Place } from '@/lib/template';
import { SegmentSize } from './segments';

const BASE = '/api/v1/messaging/campaigns/{id}';
const LIVE_MS = 1_000;

export function NewCampaign() {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const navigate = useNavigate();
  const channels = useQuery(channelsQuery(workspace)).data?.items;
  const segments = useQuery(segmentsQuery(workspace)).data?.items;
  const templates = useQuery(templatesQuery(workspace)).data?.items;
  const [step, setStep] = useState(0);
  const [name, setName] = useState('');
  const [channelId, setChannel] = useState('');
  const [templateName, setTemplate] = useState('');
  const [places, setPlaces] = useState<Place[]>([]);
  const [link, setLink] = useState('');
  const [title, setTitle] = useState<Place>({ from: 'first_name', text: '' });
  const [urls, setUrls] = useState<Record<number, Place>>({});
  const [days, setDays] = useState('7');
  const [segment, setSegment] = useState('');
  const [id, setId] = useState<string | null>(null);
  const [day, setDay] = useState(() => shifted(format.today(), 1));
  const [time, setTime] = useState('09:00');

  const usableChannels = channels?.filter((one) => one.kind === 'whatsapp');
  const only = usableChannels?.length === 1 ? usableChannels[0]!.id : '';
  const channel = channels?.find((one) => one.id === (channelId || only));
  const usable = templates?.filter(
    (one) => one.status === 'approved' && one.category === 'marketing' && one.account_id === channel?.account_id,
  );
  const names = [...new Set(usable?.map((one) => one.name))];
  const versions = usable?.filter((one) => one.name === templateName) ?? [];
  const template = versionFor(versions, i18n.language);
  const wants = wantsOf(template);
  useEffect(() => {
    setPlaces(Array.from({ length: wants.places }, () => ({ from: 'first_name', text: '' })));
  }, [templateName, wants.places]);

  /** The value of a button. One that leads to Kazi's own links has a tracked link. */
  const urlOf = ({ index, tracked }: (typeof wants.urls)[number]): Place =>
    urls[index] ?? { from: tracked ? 'link' : 'text', text: '' };

  const isReady = [
    Boolean(
      name.trim() &&
      channel &&
      template &&
      places.every((one) => one.text.trim()) &&
      (!wants.link || link.trim()) &&
      (!wants.title || title.text.trim()) &&
      wants.urls.every((one) => urlOf(one).text.trim()) &&
      Number(days) >= 1 &&
      Number(days) <= 90,
    ),
    Boolean(segment),
  ];

  const campaign = useQuery({
    queryKey: [workspace, 'campaign', id],
    queryFn: () => answer(api.GET(BASE, { params: { path: { id: id! } } })),
    enabled: id !== null && step === 2,
    refetchInterval: (state) => (state.state.data?.status === 'planned' ? false : LIVE_MS),
  });
  /** Keeps the draft, and lets Kazi choose the recipients: that is what is checked before anything is sent. */
  const plan = useAct(async () => {
    const content: Schemas['CampaignContent'] = {
      kind: 'template',
      name: templateName,
      parameters: places.map(parameterOf),
      ...(wants.link && { header: { link: link.trim() } }),
      ...(wants.title && { header: { text: parameterOf(title) } }),
      ...(wants.urls.length && {
        buttons: wants.urls.map((one) => ({ url: { index: one.index, value: parameterOf(urlOf(one)) } })),
      }),
    };
    const body = {
      name: name.trim(),
      channel_id: channel!.id,
      segment_id: segment,
      content,
      conversion_days: Number(days),
    };
    const saved = id
      ? await answer(api.PATCH(BASE, { params: { path: { id } }, body }))
      : await answer(api.POST('/api/v1/messaging/campaigns', { body }));
    setId(saved.id);
    await api.POST(`${BASE}/plan`, { params: { path: { id: saved.id } } });
    setStep(2);
  });
  const leave = () => navigate({ to: '/campaigns/$id', params: { id: id! } });
  const params = { path: { id: id ?? '' } };
  const send = useAct(async () => {
    await api.POST(`${BASE}/send`, { params });
    await leave();
  }, t('campaigns.started'));
  const schedule = useAct(async () => {
    await api.POST(`${BASE}/schedule`, { params, body: { at: format.at(day, time) } });
    await leave();
  }, t('campaigns.scheduled'));

  const report = campaign.data?.report;
  const count = report?.recipients ?? 0;
  const set = (at: number, patch: Partial<Place>) =>
    setPlaces(places.map((one, index) => (index === at ? { ...one, ...patch } : one)));
  return (
    <>
      <PageHead title={t('campaigns.add')} back={{ to: '/campaigns', label: t('nav.campaigns') }} />
      <Steps names={[t('campaigns.stepMessage'), t('campaigns.stepAudience'), t('campaigns.stepCheck')]} at={step} />
      <div className="grid items-start gap-6 xl:grid-cols-3">
        <Card className="xl:col-span-2">
          {step === 0 && (
            <div className="grid gap-4">
              <Field label={t('campaigns.name')}>
                <Input
                  autoComplete="off"
                  maxLength={200}
                  value={name}
                  onChange={(event) => setName(event.target.value)}
                />
              </Field>
              <Field
                label={t('campaigns.channel')}
                hint={usableChannels?.length === 0 ? t('channels.noneHint') : undefined}
              >
                <NativeSelect
                  value={channel?.id ?? ''}
                  onChange={(event) => {
                    setChannel(event.target.value);
                    setTemplate('');
                  }}
                >
                  <option value="">{t('campaigns.choose')}</option>
                  {usableChannels?.map((one) => (
                    <option key={one.id} value={one.id}>
                      {one.name} {one.display_phone}
                    </option>
                  ))}
                </NativeSelect>
              </Field>
              <Field label={t('campaigns.template')} hint={t('campaigns.templateHint')}>
                <NativeSelect
                  disabled={!channel}
                  value={templateName}
                  onChange={(event) => setTemplate(event.target.value)}
                >
                  <option value="">{t('campaigns.choose')}</option>
                  {names.map((one) => (
                    <option key={one} value={one}>
                      {one}
                    </option>
                  ))}
                </NativeSelect>
              </Field>
              {wants.link && (
                <Field label={t('campaigns.headerLink')} hint={t('products.imageHint')}>
                  <Input type="url" dir="ltr" value={link} onChange={(event) => setLink(event.target.value)} />
                </Field>
              )}
              {wants.title && (
                <PlaceFields
                  place={title}
                  label={t('campaigns.headerText')}
                  onChange={(patch) => setTitle({ ...title, ...patch })}
                />
              )}
              {places.map((place, index) => (
                <PlaceFields
                  key={index}
                  place={place}
                  label={`{{${index + 1}}}`}
                  links
                  onChange={(patch) => set(index, patch)}
                />
              ))}
              {wants.urls.map((button) => (
                <PlaceFields
                  key={button.index}
                  place={urlOf(button)}
                  label={t('campaigns.buttonUrl', { button: button.label })}
                  links
                  onChange={(patch) => setUrls({ ...urls, [button.index]: { ...urlOf(button), ...patch } })}
                />
              ))}
              <Field label={t('campaigns.conversionDays')} hint={t('campaigns.conversionDaysHint')}>
                <Input
                  type="number"
                  min={1}
                  max={90}
                  className="max-w-32"
                  value={days}
                  onChange={(event) => setDays(event.target.value)}
                />
              </Field>
            </div>
          )}
          {step === 1 && (
            <fieldset className="grid gap-2">
              <legend className="mb-2 text-sm font-medium">{t('campaigns.audienceWho')}</legend>
              {segments?.map((one) => (
                <label
                  key={one.id}
                  className="flex cursor-pointer items-center gap-3 rounded-md border p-3 has-checked:border-primary has-checked:bg-accent"
                >
                  <input
                    type="radio"
                    name="segment"
                    className="size-4 accent-[var(--ring)]"
                    checked={segment === one.id}
                    onChange={() => setSegment(one.id)}
                  />
                  <bdi className="grow font-medium">{one.name}</bdi>
                  <span className="text-sm text-muted-foreground">
                    <SegmentSize id={one.id} />
                  </span>
                </label>
              ))}
              <Button asChild variant="link" className="justify-self-start px-0">
                <Link to="/segments">{t('campaigns.segmentNew')}</Link>
              </Button>
            </fieldset>
          )}
          {step === 2 &&
            (campaign.isError ? (
              <Failed error={campaign.error} retry={() => void campaign.refetch()} />
            ) : campaign.data?.status === 'failed' ? (
              <p role="alert" className="text-destructive-text">
                {campaign.data.reason_detail ?? campaign.data.reason}
              </p>
            ) : campaign.data?.status !== 'planned' || !report ? (
              <div role="status" className="grid gap-4">
                <p>{t('campaigns.planning')}</p>
                <Loading />
              </div>
            ) : (
              <>
                <CardTitle>{t('campaigns.checked')}</CardTitle>
                <Facts>
                  <ReportFacts report={report} />
                  {report.remaining_today != null && (
                    <Fact label={t('campaigns.remaining')}>{format.number(report.remaining_today)}</Fact>
                  )}
                </Facts>
                <Reasons title={t('campaigns.leftOut')} reasons={report.left_out} />
                {report.remaining_today != null && report.remaining_today < report.recipients && (
                  <p role="alert" className="mt-4 rounded-md border border-amber-500 p-3 text-sm">
                    {t('campaigns.remainingFew')}
                  </p>
                )}
                <div className="mt-6 grid gap-4 rounded-md border p-4 sm:grid-cols-[1fr_1fr_auto] sm:items-end">
                  <Field label={t('campaigns.day')} hint={t('campaigns.scheduleText', { zone: format.zone })}>
                    <Input type="date" value={day} onChange={(event) => setDay(event.target.value)} />
                  </Field>
                  <Field label={t('campaigns.time')} hint={'\u00A0'}>
                    <Input type="time" value={time} onChange={(event) => setTime(event.target.value)} />
                  </Field>
                  <Confirm
                    trigger={
                      <Button variant="outline" className="mb-6" disabled={!count || !day || !time}>
                        <CalendarClockIcon aria-hidden />
                        {t('campaigns.schedule')}
                      </Button>
                    }
                    title={t('campaigns.sendTitle', { count, shown: format.number(count) })}
                    text={t('campaigns.scheduleSure', {
                      when: day && time ? format.moment(format.at(day, time)) : '',
                      zone: format.zone,
                    })}
                    action={t('campaigns.schedule')}
                    onConfirm={() => schedule.mutateAsync(undefined)}
                  />
                </div>
              </>
            ))}
          <div className="mt-6 flex flex-wrap justify-end gap-2">
            {step > 0 && (
              <Button variant="outline" onClick={() => setStep(step - 1)}>
                {t('common.back')}
              </Button>
            )}
            {step === 0 && (
              <Button disabled={!isReady[0]} onClick={() => setStep(1)}>
                {t('common.next')}
              </Button>
            )}
            {step === 1 && (
              <Button disabled={!isReady[1] || plan.isPending} onClick={() => plan.mutate(undefined)}>
                {t('campaigns.stepCheck')}
              </Button>
            )}
            {step === 2 && id && (
              <>
                <Button asChild variant="outline">
                  <Link to="/campaigns/$id" params={{ id }}>
                    {t('campaigns.later')}
                  </Link>
                </Button>
                <Confirm
                  trigger={
                    <Button disabled={!count}>
                      <SendIcon className="rtl:-scale-x-100" aria-hidden />
                      {t('campaigns.send')}
                    </Button>
                  }
                  title={t('campaigns.sendTitle', { count, shown: format.number(count) })}
                  text={t('campaigns.sendText')}
                  action={t('campaigns.send')}
                  onConfirm={() => send.mutateAsync(undefined)}
                />
              </>
            )}
          </div>
        </Card>
        <Card>
          <CardTitle>{t('templates.preview')}</CardTitle>
          {template ? (
            <TemplatePreview
              template={template}
              values={places.map((one) =>
                one.from === 'text' ? one.text : one.text && `[${t(`campaigns.fields.${one.from}`)}]`,
              )}
            />
          ) : (
            <p className="text-sm text-muted-foreground">{t('campaigns.previewNone')}</p>
          )}
        </Card>
      </div>
    </>
  );
}
