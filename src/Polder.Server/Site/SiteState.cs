using System.Collections.Generic;

namespace Polder.Server.Site;

/// <summary>Everything that pages are rendered from, at one moment. Immutable.</summary>
internal sealed class SiteState
{
    private SiteState(SiteIndex index, Assets assets, Layouts layouts)
    {
        Index = index;
        Assets = assets;
        Layouts = layouts;
        Model = new SiteModel(index, assets);
    }

    public SiteIndex Index { get; }

    public Assets Assets { get; }

    public Layouts Layouts { get; }

    public SiteModel Model { get; }

    public static SiteState Create(
        IReadOnlyDictionary<string, SourceFile> files, bool drafts, SiteState? before, bool layoutsChanged)
    {
        SiteIndex index = SiteIndex.Create(files, drafts, before?.Index);
        Layouts layouts = before is null || layoutsChanged ? new Layouts(index.Files) : before.Layouts;
        return new SiteState(index, new Assets(index.Files), layouts);
    }
}
