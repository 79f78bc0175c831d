namespace Polder.Server;

/// <summary>What one worker serves, and where.</summary>
internal sealed class ServeOptions
{
    /// <summary>The folder of the site.</summary>
    public required string Folder { get; init; }

    /// <summary>The folder whose subfolders are tables; null = <c>warehouse</c> in <see cref="Folder"/>.</summary>
    public string? Warehouse { get; init; }

    /// <summary>The port to bind where no socket was passed; 0 = any free one.</summary>
    public int Port { get; init; }

    /// <summary>Whether open pages change by themselves, drafts are shown, and errors are told in full.</summary>
    public bool Live { get; init; }

    /// <summary>Whether files are asked every half second, for file systems that tell of no change.</summary>
    public bool Poll { get; init; }

    /// <summary>Whether it only says why nothing else serves.</summary>
    public bool StandsIn { get; init; }

    /// <summary>Clock, ids, limits, scheduler.</summary>
    public Engine Engine { get; init; } = Engine.Default;
}
