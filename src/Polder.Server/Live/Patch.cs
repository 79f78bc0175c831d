using System.Buffers;
using System.Collections.Generic;
using System.Text.Encodings.Web;
using System.Text.Json;
using Polder.Server.Site;

namespace Polder.Server.Live;

/// <summary>
/// What a browser does to show the newest version: <c>{"to","ops":[["k",old,count],["m",old,html],["i",html]]}</c>,
/// where blocks that no operation names go; or <c>{"to","document"}</c> where there is no shorter way; and
/// <c>"error"</c> where the file behind it is broken.
/// </summary>
internal static class Patch
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Format(PageOutcome now, RenderedPage? from, ulong shown, System.Func<string, string> address)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Options))
        {
            json.WriteStartObject();
            if (now.Page is not null)
            {
                json.WriteString("to", now.Page.VersionText);
                if (from is not null && from.ShellHash == now.Page.ShellHash)
                {
                    if (from.Version != now.Page.Version)
                    {
                        WriteOperations(json, from.Blocks, now.Page.Blocks);
                    }
                }
                else if (now.Page.Version != shown)
                {
                    json.WriteString("document", now.Page.Document(address));
                }
            }

            if (now.Problem is not null)
            {
                WriteProblem(json, now.Problem);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteOperations(Utf8JsonWriter json, PageBlocks old, PageBlocks now)
    {
        IReadOnlyList<BlockOperation> operations = BlockDiff.Between(old, now);
        json.WriteStartArray("ops");
        for (int index = 0; index < operations.Count;)
        {
            BlockOperation operation = operations[index];
            int count = 1;
            json.WriteStartArray();
            switch (operation.Kind)
            {
                case BlockOperationKind.Keep:
                    while (index + count < operations.Count &&
                        operations[index + count] is { Kind: BlockOperationKind.Keep } next &&
                        next.Old == operation.Old + count)
                    {
                        count++;
                    }

                    json.WriteStringValue("k");
                    json.WriteNumberValue(operation.Old);
                    json.WriteNumberValue(count);
                    break;
                case BlockOperationKind.Morph:
                    json.WriteStringValue("m");
                    json.WriteNumberValue(operation.Old);
                    json.WriteStringValue(now.HtmlOf(operation.New));
                    break;
                default:
                    json.WriteStringValue("i");
                    json.WriteStringValue(now.HtmlOf(operation.New));
                    break;
            }

            json.WriteEndArray();
            index += count;
        }

        json.WriteEndArray();
    }

    private static void WriteProblem(Utf8JsonWriter json, SiteProblem problem)
    {
        json.WriteStartObject("error");
        json.WriteString("place", problem.Place);
        json.WriteString("message", problem.Message);
        if (problem.Source.Length > 0)
        {
            string caret = problem.Column > 0 ? "\n" + new string(' ', problem.Column - 1) + "^" : "";
            json.WriteString("source", problem.Source + caret);
        }

        json.WriteEndObject();
    }
}
