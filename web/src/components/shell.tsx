import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState, type LinkProps } from '@tanstack/react-router';
import {
  ActivityIcon,
  BellIcon,
  BookOpenIcon,
  BotIcon,
  BoxIcon,
  Building2Icon,
  CalendarIcon,
  ChartColumnIcon,
  CircleUserIcon,
  CoinsIcon,
  CreditCardIcon,
  KeyRoundIcon,
  ChevronsUpDownIcon,
  FileDownIcon,
  FileTextIcon,
  InboxIcon,
  LayoutDashboardIcon,
  LifeBuoyIcon,
  ListIcon,
  LogOutIcon,
  MegaphoneIcon,
  MenuIcon,
  MessageSquareQuoteIcon,
  NewspaperIcon,
  PackageIcon,
  ReceiptTextIcon,
  RepeatIcon,
  ScrollTextIcon,
  Share2Icon,
  UserCogIcon,
  PlugIcon,
  SettingsIcon,
  SlidersHorizontalIcon,
  ShoppingCartIcon,
  UsersIcon,
  UsersRoundIcon,
  WebhookIcon,
  WorkflowIcon,
  WrenchIcon,
  type LucideIcon,
} from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, enter, logOut } from '@/api/client';
import { useAct } from '@/lib/act';
import { useStream } from '@/lib/live';
import { LANGUAGES, speak, type Language } from '@/lib/i18n';
import { isOfStaff } from '@/lib/platform';
import { channelsQuery, useIs, useMe, useWorkspaceId, workspacesQuery } from '@/lib/queries';
import { choose, THEMES, useTheme, type Theme } from '@/lib/theme';
import { initials } from './avatar';
import { FreshCode } from './fresh-code';
import { Logo } from './logo';
import { Forbidden } from './states';
import { Button } from './ui/button';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from './ui/dropdown-menu';
import { Sheet, SheetContent, SheetTitle, SheetTrigger } from './ui/sheet';

interface Place {
  to: LinkProps['to'];
  name: string;
  icon: LucideIcon;
  needs?: 'admin';
  /** The pages below it have places of their own. */
  exact?: boolean;
}

interface Group {
  name: string;
  places: Place[];
}

const GROUPS: Group[] = [
  {
    name: 'nav.start',
    places: [
      { to: '/dashboard', name: 'nav.dashboard', icon: LayoutDashboardIcon },
      { to: '/inbox', name: 'nav.inbox', icon: InboxIcon },
    ],
  },
  {
    name: 'nav.talk',
    places: [
      { to: '/contacts', name: 'nav.contacts', icon: UsersIcon },
      { to: '/tickets', name: 'nav.tickets', icon: LifeBuoyIcon },
      { to: '/segments', name: 'nav.segments', icon: UsersRoundIcon },
      { to: '/campaigns', name: 'nav.campaigns', icon: MegaphoneIcon },
      { to: '/automations', name: 'nav.automations', icon: WorkflowIcon },
      { to: '/templates', name: 'nav.templates', icon: FileTextIcon },
      { to: '/canned-replies', name: 'nav.canned', icon: MessageSquareQuoteIcon },
      { to: '/news', name: 'nav.news', icon: NewspaperIcon },
      { to: '/social', name: 'nav.social', icon: Share2Icon },
    ],
  },
  {
    name: 'nav.sell',
    places: [
      { to: '/orders', name: 'nav.orders', icon: ShoppingCartIcon },
      { to: '/products', name: 'nav.products', icon: BoxIcon },
      { to: '/categories', name: 'nav.categories', icon: PackageIcon },
      { to: '/bookings', name: 'nav.bookings', icon: CalendarIcon },
      { to: '/services', name: 'nav.services', icon: WrenchIcon },
      { to: '/subscriptions', name: 'nav.subscriptions', icon: RepeatIcon },
      { to: '/payments', name: 'nav.payments', icon: CreditCardIcon },
    ],
  },
  {
    name: 'nav.assistant',
    places: [
      { to: '/menu', name: 'nav.menu', icon: ListIcon },
      { to: '/prompts', name: 'nav.prompts', icon: BotIcon },
      { to: '/knowledge', name: 'nav.knowledge', icon: BookOpenIcon },
      { to: '/ai-costs', name: 'nav.aiCosts', icon: CoinsIcon, needs: 'admin' },
    ],
  },
  {
    name: 'nav.settings',
    places: [
      { to: '/channels', name: 'nav.channels', icon: PlugIcon },
      { to: '/members', name: 'nav.members', icon: UserCogIcon },
      { to: '/api-keys', name: 'nav.apiKeys', icon: KeyRoundIcon, needs: 'admin' },
      { to: '/endpoints', name: 'nav.endpoints', icon: WebhookIcon, needs: 'admin' },
      { to: '/usage', name: 'nav.usage', icon: ReceiptTextIcon, needs: 'admin' },
      { to: '/exports', name: 'nav.exports', icon: FileDownIcon, needs: 'admin' },
      { to: '/audit', name: 'nav.audit', icon: ScrollTextIcon, needs: 'admin' },
      { to: '/settings', name: 'nav.workspace', icon: SettingsIcon },
    ],
  },
];

/** The pages of the platform's staff, which are of no workspace. */
const OF_STAFF: Group = {
  name: 'nav.platform',
  places: [
    { to: '/staff', name: 'nav.staffOverview', icon: ChartColumnIcon, exact: true },
    { to: '/staff/workspaces', name: 'nav.staffWorkspaces', icon: Building2Icon },
    { to: '/staff/users', name: 'nav.staffUsers', icon: UsersIcon },
    { to: '/ops', name: 'nav.ops', icon: ActivityIcon },
    { to: '/staff/settings', name: 'nav.staffSettings', icon: SlidersHorizontalIcon },
    { to: '/staff/log', name: 'nav.staffLog', icon: ScrollTextIcon },
  ],
};

/** Pages of admins, of which the menu does not name the first. */
const OF_ADMINS = [
  '/campaigns/new',
  '/automations/new',
  '/imports/new',
  ...GROUPS.flatMap(({ places }) => places.filter(({ needs }) => needs).map(({ to }) => String(to))),
];

/** The page, or that the user's role does not open it. The API decides while the role is not known yet. */
function Page({ path }: { path: string }) {
  const me = useMe();
  const isAdmin = useIs('admin');
  const { t } = useTranslation();
  const isOpen = isOfStaff(path) ? me?.is_staff : isAdmin || !OF_ADMINS.some((one) => `${path}/`.startsWith(`${one}/`));
  if (!me || isOpen) return <Outlet />;
  return (
    <>
      <h1 className="sr-only">{t('error.forbidden')}</h1>
      <Forbidden />
    </>
  );
}

function Places({ title, places }: { title: string; places: Place[] }) {
  const { t } = useTranslation();
  return (
    <div>
      <h2 className="px-3 pb-2 text-xs font-semibold text-muted-foreground">{title}</h2>
      <ul className="grid gap-1">
        {places.map((place) => (
          <li key={place.to}>
            <Link
              to={place.to}
              activeOptions={{ includeSearch: false, exact: place.exact }}
              className="flex h-10 items-center gap-3 rounded-md px-3 text-sm font-medium transition-colors"
              activeProps={{ className: 'bg-primary text-primary-foreground' }}
              inactiveProps={{ className: 'hover:bg-muted' }}
            >
              <place.icon className="size-5 shrink-0" aria-hidden />
              {t(place.name)}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Navigation() {
  const { t } = useTranslation();
  const isAdmin = useIs('admin');
  const groups = useWorkspaceId() ? GROUPS : [];
  const isStaff = useMe()?.is_staff;
  return (
    <nav aria-label={t('nav.label')} className="grid gap-6 p-4">
      {[...groups, ...(isStaff ? [OF_STAFF] : [])].map((group) => (
        <Places
          key={group.name}
          title={t(group.name)}
          places={group.places.filter((place) => place.needs !== 'admin' || isAdmin)}
        />
      ))}
    </nav>
  );
}

function WorkspaceMenu() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const id = useWorkspaceId();
  const workspaces = useQuery(workspacesQuery());
  const channels = useQuery({ ...channelsQuery(id), enabled: id !== '' });
  const mine = workspaces.data?.find((one) => one.workspace_id === id);
  const phone = channels.data?.items.find((one) => one.display_phone)?.display_phone;
  const others = (workspaces.data ?? []).filter((one) => !one.deleted_at);
  const change = async (workspace_id: string) => {
    enter(await answer(api.POST('/api/v1/me/workspace', { body: { workspace_id } })));
    await queries.invalidateQueries({ queryKey: ['me'] });
    await navigate({ to: '/' });
  };
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <button
          type="button"
          className="flex max-w-full min-w-0 items-center gap-1.5 rounded-md px-2 sm:gap-3 py-1.5 text-start hover:bg-muted"
        >
          <span className="min-w-0">
            <span className="sr-only">{t('shell.workspace')}</span>
            <span className="block truncate text-sm font-semibold">{mine?.name ?? (id ? '…' : t('nav.platform'))}</span>
            <span className="block truncate text-xs text-muted-foreground">
              <bdi dir="ltr">{phone ?? ' '}</bdi>
            </span>
          </span>
          <ChevronsUpDownIcon className="size-4 shrink-0 text-muted-foreground" aria-hidden />
        </button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="start">
        <DropdownMenuLabel>{t('shell.workspaces')}</DropdownMenuLabel>
        <DropdownMenuRadioGroup value={id} onValueChange={(next) => void change(next)}>
          {others.map((one) => (
            <DropdownMenuRadioItem key={one.workspace_id} value={one.workspace_id}>
              {one.name}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={() => void navigate({ to: '/workspaces' })}>
          <Building2Icon aria-hidden />
          {t('shell.allWorkspaces')}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

const OFTEN_SET = GROUPS.flatMap(({ places }) => places).filter(({ to }) =>
  ['/members', '/categories', '/channels', '/settings'].includes(String(to)),
);

function SettingsMenu() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const workspace = useWorkspaceId();
  const theme = useTheme();
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon" aria-label={t('nav.settings')} title={t('nav.settings')}>
          <SettingsIcon className="size-5" aria-hidden />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        {workspace && (
          <>
            <DropdownMenuLabel>{t('nav.settings')}</DropdownMenuLabel>
            {OFTEN_SET.map((place) => (
              <DropdownMenuItem key={place.to} onSelect={() => void navigate({ to: place.to })}>
                <place.icon aria-hidden />
                {t(place.name)}
              </DropdownMenuItem>
            ))}
            <DropdownMenuSeparator />
          </>
        )}
        <DropdownMenuLabel>{t('shell.theme')}</DropdownMenuLabel>
        <DropdownMenuRadioGroup value={theme} onValueChange={(next) => choose(next as Theme)}>
          {THEMES.map((one) => (
            <DropdownMenuRadioItem key={one} value={one}>
              {t(`theme.${one}`)}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
        <DropdownMenuSeparator />
        <DropdownMenuLabel>{t('shell.language')}</DropdownMenuLabel>
        <DropdownMenuRadioGroup value={i18n.language} onValueChange={(next) => void speak(next as Language)}>
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <DropdownMenuRadioItem key={code} value={code} lang={code}>
              {name}
            </DropdownMenuRadioItem>
          ))}
        </DropdownMenuRadioGroup>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

const UNREAD_MS = 30_000;

function Bell() {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const unread = useQuery({
    queryKey: [workspace, 'notifications', 'unread'],
    queryFn: () => answer(api.GET('/api/v1/notifications/unread-count')),
    refetchInterval: UNREAD_MS,
  }).data?.unread;
  return (
    <Button asChild variant="ghost" size="icon" className="relative">
      <Link to="/notifications" aria-label={t('shell.notifications', { count: unread ?? 0 })}>
        <BellIcon className="size-5" aria-hidden />
        {Boolean(unread) && (
          <span
            aria-hidden
            className="absolute end-1 top-1 min-w-4 rounded-full bg-destructive-strong px-1 text-center text-[0.65rem]/4 font-semibold text-white"
          >
            {unread! > 99 ? '99+' : unread}
          </span>
        )}
      </Link>
    </Button>
  );
}

function UserMenu() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe();
  const leave = useAct(() => logOut('/api/v1/auth/logout'));
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <button
          type="button"
          className="grid size-10 place-items-center rounded-full bg-primary text-sm font-semibold text-primary-foreground"
        >
          <span>
            {initials(me?.name || me?.email || '')} <span className="sr-only">{t('shell.user')}</span>
          </span>
        </button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuLabel>
          <span className="block text-sm text-foreground">{me?.name}</span>
          <span className="font-normal">{me?.email}</span>
        </DropdownMenuLabel>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={() => void navigate({ to: '/profile' })}>
          <CircleUserIcon aria-hidden />
          {t('nav.profile')}
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => leave.mutate(undefined)}>
          <LogOutIcon className="rtl:rotate-180" aria-hidden />
          {t('shell.logOut')}
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

export function Shell() {
  const { t } = useTranslation();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const workspace = useWorkspaceId();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(false), [path]);
  useStream();
  return (
    <>
      <a
        href="#main"
        className="fixed start-2 top-2 z-50 -translate-y-16 rounded-md bg-primary px-4 py-2 text-primary-foreground focus:translate-y-0"
      >
        {t('shell.skip')}
      </a>
      <header className="fixed inset-x-0 top-0 z-40 flex h-16 items-center gap-1 border-b bg-background pe-3 sm:gap-2 sm:pe-4">
        <div className="hidden h-full w-[280px] shrink-0 items-center border-e px-6 lg:flex">
          <Logo />
        </div>
        <Sheet open={isOpen} onOpenChange={setOpen}>
          <SheetTrigger asChild>
            <Button variant="ghost" size="icon" className="ms-2 lg:hidden" aria-label={t('shell.menu')}>
              <MenuIcon className="size-5" aria-hidden />
            </Button>
          </SheetTrigger>
          <SheetContent>
            <SheetTitle className="flex h-16 items-center border-b px-6">
              <Logo />
            </SheetTitle>
            <Navigation />
          </SheetContent>
        </Sheet>
        <div className="min-w-0 lg:ms-4">
          <WorkspaceMenu />
        </div>
        <div className="ms-auto flex shrink-0 items-center gap-1 sm:gap-2">
          <SettingsMenu />
          {workspace && <Bell />}
          <UserMenu />
        </div>
      </header>
      <aside className="fixed start-0 top-16 bottom-0 hidden w-[280px] overflow-y-auto border-e bg-background lg:block">
        <Navigation />
      </aside>
      <main id="main" tabIndex={-1} className="px-4 pt-[5.5rem] pb-12 outline-none sm:px-8 lg:ps-[312px]">
        <div className="mx-auto max-w-[1400px]">
          <Page path={path} />
        </div>
      </main>
      <FreshCode />
    </>
  );
}
