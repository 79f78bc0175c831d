using System.Collections.Generic;
using System.Threading.Tasks;
using Polder.Server.Site;
using Polder.Sql;

namespace Polder.Server.Live;

/// <summary>What an address shows now: the page, or what is wrong with it and the page as it last was right.</summary>
internal sealed record PageOutcome(RenderedPage? Page, SiteProblem? Problem);

/// <summary>One address with its query: the last rendering, and the versions that browsers may still show.</summary>
internal sealed class LivePage(string route, string query)
{
    private const int MostVersions = 16;

    private readonly List<RenderedPage> _versions = [];

    public string Route { get; } = route;

    public string Query { get; } = query;

    /// <summary>The rendering under way or done; null where what it was made from has changed.</summary>
    public Task<PageOutcome>? Rendering { get; set; }

    /// <summary>What was looked at for the last rendering.</summary>
    public HashSet<string> Uses { get; set; } = [];

    /// <summary>The tables that were read for it, and how far each had got before.</summary>
    public IReadOnlyList<(TableVersion Table, TailPoint Point)> Tables { get; set; } = [];

    /// <summary>When it is rendered again though nothing changed, for something of it failed; null = never.</summary>
    public long? RetryAt { get; set; }

    /// <summary>How many renderings in a row had failures.</summary>
    public int FailureCount { get; set; }

    /// <summary>When it was last rendered, or announced for a table.</summary>
    public long ChangedAt { get; set; }

    /// <summary>When it was last asked for.</summary>
    public long UsedAt { get; set; }

    /// <summary>The last page that was right; that nothing was there yet is no page.</summary>
    public RenderedPage? LastGood => _versions.FindLast(page => page.Status == 200);

    /// <summary>A page that a browser was given; null where it is too old.</summary>
    public RenderedPage? Version(ulong version) => _versions.FindLast(page => page.Version == version);

    public void Add(RenderedPage page)
    {
        _versions.RemoveAll(known => known.Version == page.Version);
        _versions.Add(page);
        if (_versions.Count > MostVersions)
        {
            _versions.RemoveAt(0);
        }
    }
}
