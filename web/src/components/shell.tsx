import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { BellIcon, ChevronsUpDownIcon, MenuIcon, SettingsIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { answer, api } from '@/api/client';
import { useStream } from '@/lib/live';
import { isOfStaff } from '@/lib/platform';
import { channelsQuery, useIs, useMe, useWorkspaceId, workspacesQuery } from '@/lib/queries';
import { initials } from './avatar';
import { FreshCode } from './fresh-code';
import { late } from './late';
import { Logo } from './logo';
import { Navigation, OF_ADMINS } from './navigation';
import { Forbidden } from './states';
import { Button } from './ui/button';

const menus = () => import('./shell-menus');
const WorkspaceMenu = late('menu', () => menus().then((all) => all.WorkspaceMenu));
const SettingsMenu = late('menu', () => menus().then((all) => all.SettingsMenu));
const UserMenu = late('menu', () => menus().then((all) => all.UserMenu));
const PagesSheet = late('dialog', () => import('./shell-sheet').then((all) => all.PagesSheet));

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

function WorkspaceOpener() {
  const { t } = useTranslation();
  const id = useWorkspaceId();
  const workspaces = useQuery(workspacesQuery());
  const channels = useQuery({ ...channelsQuery(id), enabled: id !== '' });
  const mine = workspaces.data?.find((one) => one.workspace_id === id);
  const phone = channels.data?.items.find((one) => one.display_phone)?.display_phone;
  return (
    <WorkspaceMenu>
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
    </WorkspaceMenu>
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

function UserOpener() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <UserMenu>
      <button
        type="button"
        className="grid size-10 place-items-center rounded-full bg-primary text-sm font-semibold text-primary-foreground"
      >
        <span>
          {initials(me?.name || me?.email || '')} <span className="sr-only">{t('shell.user')}</span>
        </span>
      </button>
    </UserMenu>
  );
}

export function Shell() {
  const { t } = useTranslation();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const workspace = useWorkspaceId();
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
        <PagesSheet>
          <Button variant="ghost" size="icon" className="ms-2 lg:hidden" aria-label={t('shell.menu')}>
            <MenuIcon className="size-5" aria-hidden />
          </Button>
        </PagesSheet>
        <div className="min-w-0 lg:ms-4">
          <WorkspaceOpener />
        </div>
        <div className="ms-auto flex shrink-0 items-center gap-1 sm:gap-2">
          <SettingsMenu>
            <Button variant="ghost" size="icon" aria-label={t('nav.settings')} title={t('nav.settings')}>
              <SettingsIcon className="size-5" aria-hidden />
            </Button>
          </SettingsMenu>
          {workspace && <Bell />}
          <UserOpener />
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
