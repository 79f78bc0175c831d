using Polder.Storage;

namespace Polder.Sql;

/// <summary>What a <see cref="SqlSession"/> is made of.</summary>
public sealed class SqlSessionOptions
{
    /// <summary>What the process's tables share; null = <see cref="Polder.Engine.Default"/>.</summary>
    public Engine? Engine { get; init; }

    /// <summary>
    /// The local folder whose subfolders are tables, or hold tables: <c>t</c> is its folder t, <c>f.t</c> the folder
    /// f/t. Null = none, unless <see cref="Warehouse"/> is given.
    /// </summary>
    public string? WarehousePath { get; init; }

    /// <summary>A store in the place of a local folder; whoever made it disposes it.</summary>
    public IObjectStore? Warehouse { get; init; }
}
