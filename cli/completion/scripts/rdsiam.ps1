# PowerShell completion of rdsiam
Register-ArgumentCompleter -Native -CommandName 'rdsiam' -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $before = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
    ForEach-Object {
      if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value }
      else { $_.Extent.Text }
    })
  $words = $before + @("$wordToComplete")
  $lines = @($words | & rdsiam __complete 2>$null)
  if ($lines.Count -eq 0) { return }
  switch ($lines[0]) {
    'words' {
      $lines | Select-Object -Skip 2 | ForEach-Object {
        $value, $about = $_ -split "`t", 2
        if (-not $about) { $about = $value }
        $text = $value
        if ($text -notmatch '^[\w:/.=+-]+$') { $text = "'" + $text.Replace("'", "''") + "'" }
        [System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $about)
      }
    }
    'files' {
      $prefix = $lines[1]
      if (-not $prefix) { return }
      $path = "$wordToComplete".Substring($prefix.Length)
      [System.Management.Automation.CompletionCompleters]::CompleteFilename($path) | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($prefix + $_.CompletionText, $_.ListItemText, $_.ResultType, $_.ToolTip)
      }
    }
    'command' {
      if ($before.Count -gt 0 -and $before[-1] -eq '--') {
        [System.Management.Automation.CompletionCompleters]::CompleteCommand("$wordToComplete")
      }
    }
  }
}
