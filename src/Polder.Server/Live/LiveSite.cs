using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Polder.Server.Queries;
using Polder.Server.Site;
using Polder.Sql;

namespace Polder.Server.Live;

/// <summary>
/// A folder of pages that follows its files: renders an address when it is asked for, keeps what it rendered until a
/// file of it changes, and tells the open browsers which addresses to ask for again.
/// </summary>
internal sealed class LiveSite : BackgroundService
{
    private const int MostPages = 256;
    private const double LongestRetrySeconds = 30;
    private static readonly TimeSpan TailInterval = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan ShortestStay = TimeSpan.FromMilliseconds(100);

    private readonly ServeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SourceFiles _files;
    private readonly PageRenderer _renderer;
    private readonly TableTail _tail = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Route, string Query), LivePage> _pages = [];
    private SiteState _state;

    public LiveSite(ServeOptions options, ILoggerFactory loggers)
    {
        _options = options;
        _time = options.Engine.Time;
        _log = loggers.CreateLogger("Polder.Server");
        _files = new SourceFiles(options.Folder, _time);
        _renderer = new PageRenderer(options, new QueryService(
            new SqlSession(new SqlSessionOptions
            {
                Engine = options.Engine,
                WarehousePath = options.Warehouse ?? Path.Combine(options.Folder, "warehouse"),
            }),
            options.Engine));
        _state = SiteState.Create(_files.ByPath, options.Live, null, true);
        Hub = new LiveHub(_time);
    }

    public LiveHub Hub { get; }

    /// <summary>The site as it is now.</summary>
    public SiteState State => Volatile.Read(ref _state);

    /// <summary>Where a file of the site lies.</summary>
    public string FullPath(string path) => _files.FullPath(path);

    /// <summary>Reads the folder, so that the first request finds it; what changes later is followed.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LoadAsync(cancellationToken).ConfigureAwait(false);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the folder without following it.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _files.LoadAsync(cancellationToken).ConfigureAwait(false);
        _state = SiteState.Create(_files.ByPath, _options.Live, null, true);
    }

    /// <summary>What an address shows now.</summary>
    public Task<PageOutcome> GetAsync(string route, string query)
    {
        lock (_lock)
        {
            LivePage page = PageAt_NeedsLock(route, query);

            // Who asks for a page of which something failed wants to know whether it still does.
            if (page.Rendering is { IsCompleted: true } && (IsOld_NeedsLock(page) || (page.FailureCount > 0 &&
                _time.GetElapsedTime(page.ChangedAt) >= ShortestStay)))
            {
                page.Rendering = null;
            }

            return page.Rendering ??= RenderAsync(page);
        }
    }

    /// <summary>What an address shows now, and what a browser that shows an older version of it was given.</summary>
    public async Task<(PageOutcome Now, RenderedPage? From)> GetAsync(string route, string query, ulong from)
    {
        PageOutcome now = await GetAsync(route, query).ConfigureAwait(false);
        lock (_lock)
        {
            // An input changes the query of the address: what the browser shows was rendered for another one.
            return (now, _pages.Values.Where(page => page.Route == route).Select(page => page.Version(from))
                .FirstOrDefault(page => page is not null));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(FollowFilesAsync(stoppingToken), FollowTablesAsync(stoppingToken)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A host that is disposed before it has started would call its own end a failure.
        }
    }

    // Commits of the tables that pages were rendered from. While nobody looks on, nothing is asked.
    private async Task FollowTablesAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(TailInterval, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            if (Hub.StreamCount == 0)
            {
                continue;
            }

            HashSet<string> routes = new(StringComparer.Ordinal);
            lock (_lock)
            {
                foreach (LivePage page in _pages.Values.Where(page => page.Rendering is { IsCompleted: true } &&
                    _time.GetElapsedTime(page.ChangedAt) >= ShortestStay && IsOld_NeedsLock(page)))
                {
                    page.Rendering = null;
                    page.ChangedAt = _time.GetTimestamp();
                    routes.Add(page.Route);
                }

                _tail.Keep(_pages.Values.SelectMany(page => page.Tables.Select(read => read.Table.Location))
                    .ToHashSet(StringComparer.Ordinal));
            }

            if (routes.Count > 0)
            {
                Hub.Send("page", json => WriteRoutes(json, routes));
            }
        }
    }

    private bool IsOld_NeedsLock(LivePage page) =>
        page.Tables.Any(read => _tail.Advance(read.Table) != read.Point) ||
        (page.RetryAt is long retry && _time.GetTimestamp() >= retry);

    private async Task FollowFilesAsync(CancellationToken stoppingToken)
    {
        using FolderWatch watch = new(_files.Folder, _options.Poll, _time, _log);

        // What changed between the first look and the watcher's start.
        IReadOnlySet<string> paths = new HashSet<string> { FolderWatch.Everything };
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                IReadOnlySet<string> changed = paths.Contains(FolderWatch.Everything)
                    ? await _files.LoadAsync(stoppingToken).ConfigureAwait(false)
                    : await _files.RefreshAsync(paths, stoppingToken).ConfigureAwait(false);
                if (changed.Count > 0)
                {
                    Apply(changed);
                }
            }
            catch (System.IO.IOException error)
            {
                // A folder that went while it was listed: look again when it is quiet.
                _log.LogWarning("{Folder}: {Error}", _files.Folder, error.Message);
                watch.Again();
            }

            paths = await watch.NextAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    private LivePage PageAt_NeedsLock(string route, string query)
    {
        if (!_pages.TryGetValue((route, query), out LivePage? page))
        {
            if (_pages.Count >= MostPages)
            {
                LivePage oldest = _pages.Values.MinBy(known => known.UsedAt)!;
                _pages.Remove((oldest.Route, oldest.Query));
            }

            _pages[(route, query)] = page = new LivePage(route, query);
        }

        page.UsedAt = _time.GetTimestamp();
        return page;
    }

    private async Task<PageOutcome> RenderAsync(LivePage page)
    {
        await Task.Yield();
        HashSet<string> uses = new(StringComparer.Ordinal);
        RenderedPage? rendered = null;
        SiteProblem? problem = null;
        SiteState state = State;
        Dictionary<string, TailPoint> before;
        lock (_lock)
        {
            // What is committed while the queries run is news for the next rendering.
            before = page.Tables.DistinctBy(read => read.Table.Location)
                .ToDictionary(read => read.Table.Location, read => _tail.Advance(read.Table));
        }

        try
        {
            rendered = await _renderer.RenderAsync(state, page.Route, page.Query, uses, CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (SiteProblemException error)
        {
            problem = WithSource(state, error.Problem);
        }

        lock (_lock)
        {
            page.Uses = uses;
            if (rendered is not null)
            {
                page.Add(rendered);
                page.Tables = [.. rendered.Tables.Select(table => (table, before.TryGetValue(
                    table.Location, out TailPoint point) ? point : new TailPoint(0, table.Version)))];
            }

            page.ChangedAt = _time.GetTimestamp();
            page.FailureCount = rendered?.HasFailures == true ? page.FailureCount + 1 : 0;
            page.RetryAt = page.FailureCount == 0 ? null
                : page.ChangedAt + (long)(_time.TimestampFrequency *
                    double.Min(LongestRetrySeconds, double.Exp2(page.FailureCount - 1)));

            return new PageOutcome(rendered ?? page.LastGood, problem);
        }
    }

    private static SiteProblem WithSource(SiteState state, SiteProblem problem) =>
        state.Index.Files.TryGetValue(problem.File, out SourceFile? file) && file.Text is not null
            ? problem.WithSource(file.Text) : problem;

    // The dependency map: a file → the addresses that were rendered from it.
    private void Apply(IReadOnlySet<string> changed)
    {
        SiteState before = State;
        bool layoutsChanged = changed.Any(path => path.StartsWith("layouts/", StringComparison.Ordinal));
        SiteState now = SiteState.Create(_files.ByPath, _options.Live, before, layoutsChanged);
        bool everywhere = layoutsChanged || changed.Contains(SourceFiles.Configuration) ||
            changed.Any(path => path.StartsWith("pages/", StringComparison.Ordinal) &&
                !IsListedTheSame(before, now, path)) ||
            (before.Assets.Named("style.css") is null) != (now.Assets.Named("style.css") is null);
        HashSet<string> routes = new(StringComparer.Ordinal);
        lock (_lock)
        {
            _state = now;
            foreach (LivePage page in _pages.Values.Where(page => everywhere || changed.Overlaps(page.Uses) ||
                page.Rendering is { IsCompleted: false }))
            {
                page.Rendering = null;
                routes.Add(page.Route);
            }
        }

        Announce(before, now, changed, routes);
    }

    private void Announce(SiteState before, SiteState now, IReadOnlySet<string> changed, HashSet<string> routes)
    {
        foreach (string path in changed.Where(path => path.EndsWith(".css", StringComparison.Ordinal)))
        {
            string name = path["assets/".Length..];
            if (now.Assets.Named(name) is { } asset && before.Assets.Named(name)?.Hash != asset.Hash)
            {
                Hub.Send("css", json =>
                {
                    json.WriteString("name", name);
                    json.WriteString("href", asset.Address);
                });
            }
        }

        if (routes.Count > 0)
        {
            Hub.Send("page", json => WriteRoutes(json, routes));
        }
    }

    private static void WriteRoutes(Utf8JsonWriter json, IEnumerable<string> routes)
    {
        json.WriteStartArray("paths");
        foreach (string route in routes)
        {
            json.WriteStringValue(route);
        }

        json.WriteEndArray();
    }

    // Whether other pages (lists, neighbours, menus) show a page as before.
    private static bool IsListedTheSame(SiteState before, SiteState now, string path)
    {
        Page? Find(SiteState state) => path.EndsWith(".md", StringComparison.Ordinal)
            ? state.Index.Pages.GetValueOrDefault(Page.RouteOf(path)) : null;
        (Page? old, Page? page) = (Find(before), Find(now));
        return old is null ? page is null
            : page is not null && old.FrontMatter == page.FrontMatter && old.Title == page.Title;
    }
}
