using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Delta;
using Polder.Expressions.Syntax;
using Polder.Formats;

namespace Polder.Server.Site;

/// <summary>A folder to start from: texts, a style, and for a report a table.</summary>
internal static class Starter
{
    private const string Prefix = "Polder.Server.Starters/";
    private const string Orders = "day DATE, region STRING, orders INT, revenue DECIMAL(12,2)";

    private static readonly Assembly Assembly = typeof(Starter).Assembly;

    /// <summary>What there is to start from.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["blog", "report"];

    /// <summary>Writes a starter's files.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="folder">Where to; made if it is not there.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The paths written, below the folder.</returns>
    /// <exception cref="IOException">The folder holds something already: nothing was written.</exception>
    public static async Task<IReadOnlyList<string>> WriteAsync(
        string kind, string folder, CancellationToken cancellationToken)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new IOException(
                $"'{folder}' is there and not empty; name a new folder, nothing is ever written over");
        }

        string prefix = $"{Prefix}{kind}/";
        List<string> written = [];
        foreach (string name in Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            string path = name[prefix.Length..].Replace('\\', '/');
            string full = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using Stream source = Assembly.GetManifestResourceStream(name)!;
            FileStream target = new(full, FileMode.CreateNew, FileAccess.Write);
            await using (target.ConfigureAwait(false))
            {
                await source.CopyToAsync(target, cancellationToken).ConfigureAwait(false);
            }

            written.Add(path);
        }

        if (kind == "report")
        {
            await MakeOrdersAsync(folder, cancellationToken).ConfigureAwait(false);
            written.Add("warehouse/orders");
        }

        return written;
    }

    private static async Task MakeOrdersAsync(string folder, CancellationToken cancellationToken)
    {
        DataType columns = TypeParser.ParseSchema(Orders);
        DeltaTable table = await DeltaTable.CreateAsync(
            Path.Combine(folder, "warehouse", "orders"), columns, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        FileStream file = File.OpenRead(Path.Combine(folder, "data", "orders.csv"));
        await using (file.ConfigureAwait(false))
        {
            FormatReader rows = await FormatReader.OpenAsync(
                file, RowFormat.Csv, new FormatReadOptions { Schema = columns }, cancellationToken)
                .ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                await table.AppendAsync(rows.ReadAsync(cancellationToken), cancellationToken: cancellationToken)
                    .ConfigureAwait(false);
            }
        }
    }
}
