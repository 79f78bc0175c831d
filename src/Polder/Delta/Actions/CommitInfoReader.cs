using System.Collections.Generic;
using System.Text.Json;

namespace Polder.Delta.Actions;

/// <summary>
/// Decodes commitInfo leniently: its content is free form, so a field of an unexpected type is as good as absent.
/// </summary>
internal static class CommitInfoReader
{
    /// <summary>The name under which Polder records how many actions a commit has.</summary>
    public const string ActionCountField = "polder.actionCount";

    public static CommitInfo Read(ref Utf8JsonReader json)
    {
        json.Expect(JsonTokenType.StartObject);
        Dictionary<string, string?> texts = [];
        IReadOnlyDictionary<string, string?>? parameters = null, metrics = null;
        while (json.ReadProperty(out string name))
        {
            bool isObject = json.TokenType == JsonTokenType.StartObject;
            switch (name)
            {
                case "operationParameters" when isObject: parameters = json.GetMap(); break;
                case "operationMetrics" when isObject: metrics = json.GetMap(); break;
                case "timestamp" or "inCommitTimestamp" or "operation" or "readVersion" or "isolationLevel" or
                    "isBlindAppend" or "engineInfo" or "txnId" or "userName" or "userMetadata" or ActionCountField:
                    texts[name] = json.TokenType is JsonTokenType.String ? json.GetText() : json.GetRaw();
                    break;
                default: json.Skip(); break;
            }
        }

        return new CommitInfo
        {
            Timestamp = Number(texts, "timestamp"),
            InCommitTimestamp = Number(texts, "inCommitTimestamp"),
            Operation = Text(texts, "operation"),
            OperationParameters = parameters ?? AddFile.NoValues,
            OperationMetrics = metrics ?? AddFile.NoValues,
            ReadVersion = Number(texts, "readVersion"),
            IsolationLevel = Text(texts, "isolationLevel"),
            IsBlindAppend = Text(texts, "isBlindAppend") switch { "true" => true, "false" => false, _ => null },
            EngineInfo = Text(texts, "engineInfo"),
            TransactionId = Text(texts, "txnId"),
            UserName = Text(texts, "userName"),
            UserMetadata = Text(texts, "userMetadata"),
            ActionCount = (int?)Number(texts, ActionCountField),
        };
    }

    private static string? Text(Dictionary<string, string?> texts, string name) =>
        texts.GetValueOrDefault(name) is string text && text != "null" ? text : null;

    private static long? Number(Dictionary<string, string?> texts, string name) =>
        long.TryParse(
            texts.GetValueOrDefault(name),
            System.Globalization.NumberStyles.AllowLeadingSign,
            System.Globalization.CultureInfo.InvariantCulture,
            out long value) ? value : null;
}
