using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Delta;
using Polder.Expressions.Syntax;
using Polder.Formats;
using Polder.Server.Queries;
using Polder.Sql;
using Polder.Storage;
using Polder.Storage.Memory;
using Polder.Storage.Wrappers;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Polder.Tests.Server.Queries;

/// <summary>A page's queries over tables in memory; fences are written as in Markdown.</summary>
internal sealed class QueryPage
{
    private readonly Dictionary<string, DeltaTable> _tables = [];

    public QueryPage(Engine? engine = null)
    {
        Engine = engine ?? Engine.Default;
        Store = new MemoryStore();
        SqlSessionOptions options = new() { Warehouse = Store, Engine = Engine };
        Service = new QueryService(new SqlSession(options), Engine);
    }

    public Engine Engine { get; }

    public MemoryStore Store { get; }

    public QueryService Service { get; }

    /// <summary>Adds rows to a table, which is made with the first ones.</summary>
    public async Task<DeltaTable> AppendAsync(string name, string schema, params string[] csvRows)
    {
        DataType columns = TypeParser.ParseSchema(schema);
        if (!_tables.TryGetValue(name, out DeltaTable? table))
        {
            table = await DeltaTable.CreateAsync(
                new PrefixedStore(Store, new StorePath(name)), columns, engine: Engine);
            _tables.Add(name, table);
        }

        string header = string.Join(',', columns.Fields.Select(field => field.Name));
        MemoryStream csv = new(System.Text.Encoding.UTF8.GetBytes(
            header + "\n" + string.Join('\n', csvRows) + "\n"));
        await using FormatReader reader = await FormatReader.OpenAsync(
            csv, RowFormat.Csv, new FormatReadOptions { Schema = columns });
        await table.AppendAsync(reader.ReadAsync());
        return table;
    }

    /// <summary>Removes every object of a table.</summary>
    public async Task DropAsync(string name)
    {
        _tables.Remove(name);
        List<StoreObject> objects = [];
        await foreach (StoreObject item in Store.ListAsync(new StorePath(name + "/")))
        {
            objects.Add(item);
        }

        foreach (StoreObject item in objects)
        {
            await Store.DeleteAsync(item.Path);
        }
    }

    /// <summary>Puts an object below a table's folder, as another writer would.</summary>
    public static async Task PutAsync(DeltaTable table, string path, string text) => Assert.Equal(
        PutOutcome.Created,
        await table.Store.PutAsync(new StorePath(path), System.Text.Encoding.UTF8.GetBytes(text), PutMode.Create));

    /// <summary>The queries of a page.</summary>
    /// <param name="markdown">The page, with front matter if it has one.</param>
    public PageQueries Read(string markdown)
    {
        string[] lines = markdown.Split('\n');
        List<SqlFence> fences = [];
        List<PageValue> inlines = [];
        int first = 0;
        YamlNode? parameters = null;
        if (lines[0] == "---")
        {
            first = Array.IndexOf(lines, "---", 1) + 1;
            YamlStream yaml = [];
            yaml.Load(new StringReader(string.Join('\n', lines[1..(first - 1)])));
            parameters = ((YamlMappingNode)yaml.Documents[0].RootNode).Children["params"];
        }

        for (int line = first; line < lines.Length; line++)
        {
            if (lines[line].StartsWith("```sql", StringComparison.Ordinal))
            {
                int end = Array.IndexOf(lines, "```", line + 1);
                fences.Add(FenceOf(lines[line][6..], fences.Count + 1, lines[(line + 1)..end], line + 2));
                line = end;
                continue;
            }

            for (int at = lines[line].IndexOf("{{", StringComparison.Ordinal); at >= 0;
                at = lines[line].IndexOf("{{", at + 2, StringComparison.Ordinal))
            {
                int end = lines[line].IndexOf("}}", at, StringComparison.Ordinal);
                inlines.Add(new PageValue(lines[line][(at + 2)..end], "page.md", line + 1, at + 1));
            }
        }

        return new PageQueries(Service, fences, ParameterDeclarations.Parse(parameters, "page.md", 2), inlines);
    }

    public Task<PageResults> RunAsync(
        string markdown, string url = "", CancellationToken cancellationToken = default) =>
        Read(markdown).RunAsync(UrlOf(url), cancellationToken);

    public static IReadOnlyDictionary<string, string> UrlOf(string query) => query
        .Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => Uri.UnescapeDataString(pair[0]), pair => Uri.UnescapeDataString(pair[1]));

    private static SqlFence FenceOf(string info, int number, string[] lines, int line)
    {
        int brace = info.IndexOf('{', StringComparison.Ordinal);
        string name = (brace < 0 ? info : info[..brace]).Trim();
        IEnumerable<string> arguments = brace < 0
            ? [] : info[(brace + 1)..info.IndexOf('}', StringComparison.Ordinal)].Split(
                ' ', StringSplitOptions.RemoveEmptyEntries);
        return new SqlFence(
            name.Length == 0 ? $"query-{number}" : name,
            string.Join('\n', lines),
            arguments.Select(item => item.Split('=', 2)).ToDictionary(
                item => item[0], item => item.Length > 1 ? item[1].Replace('~', ' ') : ""),
            "page.md",
            line);
    }
}
