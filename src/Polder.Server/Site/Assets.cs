using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.IO.Hashing;
using System.Linq;

namespace Polder.Server.Site;

/// <summary>An asset: its name below <c>assets</c>, its hash, and its bytes where they are in memory.</summary>
internal sealed record Asset(string Name, string Hash, long SizeBytes, byte[]? Bytes)
{
    /// <summary>The hash of an asset's bytes as addresses carry it.</summary>
    public static string HashOf(byte[] bytes) => Text(XxHash3.HashToUInt64(bytes));

    public static string Text(ulong hash) => hash.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>The address that changes with the content: <c>/assets/style.0123456789abcdef.css</c>.</summary>
    public string Address
    {
        get
        {
            string extension = Path.GetExtension(Name);
            return $"/assets/{Name[..^extension.Length]}.{Hash}{extension}";
        }
    }

    /// <summary>The media type to its extension.</summary>
    public string ContentType => Path.GetExtension(Name).ToLowerInvariant() switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" or ".mjs" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".gif" => "image/gif",
        ".webp" => "image/webp",
        ".avif" => "image/avif",
        ".ico" => "image/x-icon",
        ".woff2" => "font/woff2",
        ".mp4" => "video/mp4",
        ".pdf" => "application/pdf",
        ".txt" => "text/plain; charset=utf-8",
        ".json" => "application/json",
        _ => "application/octet-stream",
    };
}

/// <summary>The assets of a site at one moment, the site's own before Polder's of the same name.</summary>
internal sealed class Assets
{
    private const string Prefix = "assets/";

    private readonly Dictionary<string, Asset> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Asset> _byAddress = new(StringComparer.Ordinal);

    public Assets(IReadOnlyDictionary<string, SourceFile> files)
    {
        foreach (string name in BuiltInFiles.Names.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            byte[] bytes = BuiltInFiles.Bytes(name);
            Add(new Asset(name[Prefix.Length..], Asset.HashOf(bytes), bytes.Length, bytes));
        }

        foreach (SourceFile file in files.Values.Where(file =>
            file.Problem is null && file.Path.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            Add(new Asset(file.Path[Prefix.Length..], Asset.Text(file.Hash), file.SizeBytes, null));
        }

        foreach (Asset asset in _byName.Values)
        {
            _byAddress[asset.Address] = asset;
        }
    }

    public IEnumerable<Asset> All => _byName.Values;

    /// <summary>The address of the browser's script: a page with another one must load anew.</summary>
    public string Script => _byName["polder.js"].Address;

    public Asset? Named(string name) => _byName.GetValueOrDefault(name);

    public Asset? At(string address) => _byAddress.GetValueOrDefault(address);

    /// <summary>The address of a named asset; the plain one where there is no such asset.</summary>
    public string AddressOf(string name) => Named(name.TrimStart('/'))?.Address ?? "/assets/" + name;

    private void Add(Asset asset) => _byName[asset.Name] = asset;
}
