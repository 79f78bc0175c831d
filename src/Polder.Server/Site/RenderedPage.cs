using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.Hashing;
using System.Text;
using Polder.Sql;

namespace Polder.Server.Site;

/// <summary>A page as HTML: what its layout puts around the content, and the content as flat blocks.</summary>
internal sealed class RenderedPage
{
    /// <summary>Stands in the layout's HTML where the content goes.</summary>
    public const string ContentMark = "\uE010";

    /// <summary>The name that stands, as an asset's would, for the version in the layout.</summary>
    private const string VersionMark = ":version";

    private readonly string _before;
    private readonly string _after;

    /// <summary>Splits what a layout wrote at the mark for the content.</summary>
    /// <exception cref="SiteProblemException">The layout does not write the content exactly once.</exception>
    public RenderedPage(string layout, string shell, PageBlocks blocks)
    {
        string[] parts = shell.Split(ContentMark);
        if (parts.Length != 2)
        {
            throw new SiteProblemException(new SiteProblem($"layouts/{layout}.liquid", 0, 0,
                $"writes {{{{ content }}}} {parts.Length - 1} times; once is expected"));
        }

        _before = parts[0];
        _after = parts[1];
        Blocks = blocks;
        XxHash3 hash = new();
        hash.Append(Encoding.UTF8.GetBytes(_before));
        hash.Append(Encoding.UTF8.GetBytes(_after));
        ShellHash = hash.GetCurrentHashAsUInt64();
        foreach (ulong block in blocks.Hashes)
        {
            hash.Append(BitConverter.GetBytes(block));
        }

        Version = hash.GetCurrentHashAsUInt64();
    }

    public PageBlocks Blocks { get; }

    /// <summary>Of everything that the page shows: equal pages have equal versions, in every process.</summary>
    public ulong Version { get; }

    /// <summary>The version as browsers name it.</summary>
    public string VersionText => Version.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>Of what the layout put around the content.</summary>
    public ulong ShellHash { get; }

    /// <summary>The status that it is served with.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The tables that its queries read.</summary>
    public IReadOnlyList<TableVersion> Tables { get; init; } = [];

    /// <summary>Whether a query, a parameter or a value of it failed.</summary>
    public bool HasFailures { get; init; }

    /// <summary>The document; <paramref name="address"/> gives the assets of the layout their addresses.</summary>
    public byte[] Document(Func<string, string> address)
    {
        string AddressOrVersion(string name) => name == VersionMark ? VersionText : address(name);
        byte[] before = Encoding.UTF8.GetBytes(AssetMark.Fill(_before, AddressOrVersion));
        byte[] after = Encoding.UTF8.GetBytes(AssetMark.Fill(_after, AddressOrVersion));
        using MemoryStream document = new(before.Length + Blocks.Html.Length + after.Length);
        document.Write(before);
        document.Write(Blocks.Html.Span);
        document.Write(after);
        return document.ToArray();
    }
}
